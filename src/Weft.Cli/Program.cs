using Weft.Cli.Hosting;
using Weft.Linux;

return await CommandLine.RunAsync(args, new CliHost(new DescriptorStream(DescriptorStream.StandardOutput), Console.Error));
