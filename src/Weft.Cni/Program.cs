using Weft.Cni;
using Weft.Cni.Hosting;
using Weft.Linux;

return CniPlugin.Run(new CniHost
{
    Variable = Environment.GetEnvironmentVariable,
    Input = Console.OpenStandardInput(),
    Output = new DescriptorStream(DescriptorStream.StandardOutput),
    Error = Console.Error,
});
