using Troupe.Cli;
using Troupe.Cli.Terminal;

using var interrupts = new ProcessInterrupts();
return await new CommandLine(Shell.OfProcess(interrupts)).RunAsync(args);
