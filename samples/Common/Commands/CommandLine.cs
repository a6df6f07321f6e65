using System.CommandLine;
using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>What every command needs.</summary>
/// <param name="Terminal">Where to write.</param>
/// <param name="Cancellation">Asks to stop in good order.</param>
public sealed record Context(Terminal Terminal, CancellationToken Cancellation)
{
    /// <summary>Ends a demonstration that was not stopped with what else there is to try.</summary>
    /// <param name="commands">For example "-- train for a text of your own".</param>
    public void TellMore(string commands)
    {
        if (Cancellation.IsCancellationRequested)
            return;
        Terminal.Line();
        Terminal.Line($"More: add {commands}, -- --help for all there is.");
    }
}

/// <summary>
/// A console program: reads the command line, runs the command, and turns mistakes into one line and an exit code.
/// </summary>
public static class CommandLine
{
    /// <summary>Runs a program on the console of this process; Ctrl+C asks it to stop in good order.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="create">Makes the program's commands.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static int RunOnConsole(string[] arguments, Func<Context, RootCommand> create)
    {
        var terminal = new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
        using var interrupts = new Interrupts(Console.Error, !Console.IsErrorRedirected);
        return Run(arguments, create, terminal, interrupts.Token);
    }

    /// <summary>Runs a program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="create">Makes the program's commands.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Asks to stop in good order.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static int Run(string[] arguments, Func<Context, RootCommand> create, Terminal terminal,
        CancellationToken cancellation = default)
    {
        var parsed = create(new Context(terminal, cancellation)).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            terminal.Error.WriteLine($"{parsed.Errors[0].Message} Run with --help to see the options.");
            return ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (UserException mistake)
        {
            return Fail(terminal, mistake.Message, mistake.Code);
        }
        catch (Exception failure) when (failure is DataSourceException or CheckpointException
            or TrainingDivergedException or DeviceException)
        {
            return Fail(terminal, failure.Message, ExitCode.Failed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, $"A file could not be read or written: {failure.Message}", ExitCode.Failed);
        }
        catch (OutOfMemoryException)
        {
            return Fail(terminal, "There is not enough memory. Make --batch, --sequence, --hidden or --layers smaller.",
                ExitCode.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(terminal, "Stopped.", ExitCode.Done);
        }
    }

    private static int Fail(Terminal terminal, string message, int code)
    {
        terminal.Error.WriteLine(message.ReplaceLineEndings(" "));
        return code;
    }
}
