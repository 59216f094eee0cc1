using Weft.Cni;
using Weft.Cni.Hosting;
using Weft.Linux;

return await CniPlugin.RunAsync(new CniHost
{
    Variable = Environment.GetEnvironmentVariable,
    Input = Console.OpenStandardInput(),
    Output = new DescriptorStream(DescriptorStream.StandardOutput),
    Error = Console.Error,
});
