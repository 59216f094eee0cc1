using Weft.Cli.Hosting;

using StandardOutput output = new();
return await CommandLine.RunAsync(args, new CliHost { Output = output.Writer, Error = Console.Error });
