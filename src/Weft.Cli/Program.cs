using Weft.Cli.Hosting;
using Weft.Linux;

bool isColorTerminal = !Console.IsOutputRedirected
    && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
    && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
return await CommandLine.RunAsync(
    args, new CliHost(new DescriptorStream(DescriptorStream.StandardOutput), Console.Error) { IsColorTerminal = isColorTerminal });
