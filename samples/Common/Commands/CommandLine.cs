using System.CommandLine;
using System.CommandLine.Parsing;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The console and cancellation that every command needs.</summary>
/// <param name="Terminal">The output of the command.</param>
/// <param name="Cancellation">Requests an orderly stop.</param>
public sealed record Context(Terminal Terminal, CancellationToken Cancellation)
{
    /// <summary>Lists other commands to try after a demonstration that was not stopped.</summary>
    /// <param name="commands">For example "-- train for a text of your own".</param>
    public void TellMore(string commands)
    {
        if (Cancellation.IsCancellationRequested)
            return;
        Terminal.Line();
        Terminal.Paragraph($"More: add {commands}, -- --help for all commands and options.");
    }
}

/// <summary>
/// A console program: reads the command line, runs the command, and turns mistakes into one line and an exit code.
/// </summary>
public static class CommandLine
{
    /// <summary>Runs a program on the console of this process; Ctrl+C requests an orderly stop.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="create">Makes the program's commands.</param>
    /// <returns>0 for success, 1 for failure, 2 for wrong usage, 130 or 143 if it was stopped by a signal.</returns>
    public static int RunOnConsole(string[] arguments, Func<Context, RootCommand> create)
    {
        using var interrupts = new Interrupts(Console.Error, !Console.IsErrorRedirected);
        var code = Run(arguments, create, Terminal.OfConsole(), interrupts.Token);
        return code == ExitCode.Interrupted ? interrupts.ExitCode : code;
    }

    /// <summary>Runs a program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="create">Makes the program's commands.</param>
    /// <param name="terminal">The output of the program.</param>
    /// <param name="cancellation">Requests an orderly stop.</param>
    /// <returns>0 for success, 1 for failure, 2 for wrong usage, 130 if it was stopped.</returns>
    public static int Run(string[] arguments, Func<Context, RootCommand> create, Terminal terminal,
        CancellationToken cancellation = default)
    {
        var root = create(new Context(terminal.ReadUntil(cancellation), cancellation));
        HelpPage.Use(root, terminal.Width);
        var parsed = root.Parse(arguments);
        if (Wrong(parsed) is { } wrong)
        {
            terminal.Error.WriteLine($"{wrong} Run with --help to see the options.");
            return ExitCode.Usage;
        }

        try
        {
            var code = parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            });
            return code == ExitCode.Done && cancellation.IsCancellationRequested ? ExitCode.Interrupted : code;
        }
        catch (Exception failure)
        {
            if (Explain(failure, cancellation) is var (message, code))
                return Fail(terminal, message, code);
            terminal.Error.WriteLine("This is a bug in the program, not your mistake. Please report it with these lines:");
            terminal.Error.WriteLine(failure);
            return ExitCode.Failed;
        }
    }

    /// <summary>What is wrong with a command line; null if nothing is.</summary>
    private static string? Wrong(ParseResult parsed)
    {
        if (parsed.Errors is [var error, ..])
            return error.Message + (parsed.UnmatchedTokens is [var unknown, ..] ? Suggestion.For(parsed, unknown) : "");

        // The parser takes an option that it does not know for an argument, such as a text to translate.
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).ToHashSet();
        var option = parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Where(arguments.Contains)
            .FirstOrDefault(t => t.Value.Length > 2 && t.Value.StartsWith("--", StringComparison.Ordinal));
        return option is null
            ? null
            : $"There is no option '{option.Value}'.{Suggestion.For(parsed, option.Value)} Write -- before a text that begins"
                + " with --.";
    }

    /// <summary>The message for an error that the program or its libraries document; null for any other.</summary>
    private static (string Message, int Code)? Explain(Exception failure, CancellationToken cancellation) => failure switch
    {
        UserException mistake => (mistake.Message, mistake.Code),
        DataSourceException or CheckpointException or TensorFileException or StateDictionaryException or TrainingDivergedException
            or AnomalyException or DeviceException => (failure.Message, ExitCode.Failed),
        IOException or UnauthorizedAccessException =>
            ($"A file could not be read or written: {failure.Message}", ExitCode.Failed),
        OutOfMemoryException => ("There is not enough memory. Make --batch, --sequence, --hidden or --layers smaller, or use"
            + " less data.", ExitCode.Failed),
        SizeLimitException => ($"{failure.Message} These are --batch, --sequence, --hidden, --embedding and the like.",
            ExitCode.Usage),
        ArgumentNullException or ObjectDisposedException => null,
        ArgumentException => (failure.Message, ExitCode.Failed),

        // The libraries document theirs; the system's own come from a mistake in this program.
        InvalidOperationException or NotSupportedException when failure.Source?.StartsWith("SeqCore", StringComparison.Ordinal)
            == true => (failure.Message, ExitCode.Failed),
        OperationCanceledException when cancellation.IsCancellationRequested => ("Stopped.", ExitCode.Interrupted),
        _ => null,
    };

    private static int Fail(Terminal terminal, string message, int code)
    {
        terminal.Error.WriteLine(message.ReplaceLineEndings(" "));
        return code;
    }
}
