using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Output;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>What every command needs.</summary>
/// <param name="Terminal">Where to write.</param>
/// <param name="Cancellation">Asks to stop in good order.</param>
internal sealed record Context(Terminal Terminal, CancellationToken Cancellation);

/// <summary>The program: reads the command line, runs the command, and turns mistakes into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static int Run(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        var parsed = Create(new Context(terminal, cancellation)).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            terminal.Error.WriteLine($"{parsed.Errors[0].Message} Run with --help to see the options.");
            return Program.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UserException mistake)
        {
            return Fail(terminal, mistake.Message, mistake.ExitCode);
        }
        catch (Exception failure) when (failure is DataSourceException or CheckpointException or TrainingDivergedException)
        {
            return Fail(terminal, failure.Message, Program.Failed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, $"A file could not be read or written: {failure.Message}", Program.Failed);
        }
        catch (OutOfMemoryException)
        {
            return Fail(terminal, "There is not enough memory. Make --batch, --sequence, --hidden or --layers smaller.", Program.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(terminal, "Stopped.", Program.Done);
        }
    }

    private static int Fail(Terminal terminal, string message, int code)
    {
        terminal.Error.WriteLine(message.ReplaceLineEndings(" "));
        return code;
    }

    private static RootCommand Create(Context context)
    {
        var root = new RootCommand("Trains a language model on the characters of a text, then writes more of it. Without a command: a demonstration of about a minute that learns to write folk tunes.")
        {
            TrainCommand.Create(context),
            GenerateCommand.Create(context),
            EvaluateCommand.Create(context),
            InfoCommand.Create(context),
        };
        TrainCommand.MakeDefault(root, context);
        return root;
    }
}
