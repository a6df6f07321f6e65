using Spectre.Console;

namespace SeqCore.Samples.Common;

/// <summary>Where the program writes: results to standard output, and messages there too unless results are JSON lines.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isOutputLive">Whether standard output is a terminal.</param>
/// <param name="isErrorLive">Whether standard error is a terminal.</param>
public sealed class Terminal(TextWriter output, TextWriter error, bool isOutputLive = false, bool isErrorLive = false)
{
    private const int UsualWidth = 79;
    private const int LeastWidth = 39;
    private const int PairIndent = 14;

    private IAnsiConsole? console;

    /// <summary>The console of this process.</summary>
    public static Terminal OfConsole() =>
        new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected, !System.Console.IsErrorRedirected)
        {
            IsInputLive = !System.Console.IsInputRedirected,
        };

    /// <summary>Whether standard output takes JSON lines and messages go to standard error.</summary>
    public bool Json { get; init; }

    /// <summary>Standard input, for commands that answer line by line.</summary>
    public TextReader Input { get; init; } = System.Console.In;

    /// <summary>Whether standard input is a terminal, at which someone types.</summary>
    public bool IsInputLive { get; init; }

    /// <summary>Standard output.</summary>
    public TextWriter Output => output;

    /// <summary>Standard error.</summary>
    public TextWriter Error => error;

    /// <summary>The stream for messages to people.</summary>
    public TextWriter Messages => Json ? error : output;

    /// <summary>Whether the messages go to a terminal.</summary>
    public bool IsLive => Json ? isErrorLive : isOutputLive;

    /// <summary>The messages' terminal, for animation and colours; use it only if <see cref="IsLive"/>.</summary>
    public IAnsiConsole Console =>
        console ??= AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Messages) });

    /// <summary>The same terminal, with or without results as JSON lines.</summary>
    public Terminal With(bool json) => new(output, error, isOutputLive, isErrorLive)
    {
        Json = json,
        Input = Input,
        IsInputLive = IsInputLive,
    };

    /// <summary>The same terminal, whose input ends the program's waiting for a line when it is cancelled.</summary>
    public Terminal ReadUntil(CancellationToken cancellation) => new(output, error, isOutputLive, isErrorLive)
    {
        Json = Json,
        IsInputLive = IsInputLive,
        Input = new InterruptibleReader(Input, cancellation, readsAhead: !IsInputLive),
    };

    /// <summary>
    /// The number of characters that a line of messages may have: one less than the terminal has columns, so that none wraps, and
    /// 79 elsewhere.
    /// </summary>
    public int Width => IsLive ? Math.Max(Console.Profile.Width - 1, LeastWidth) : UsualWidth;

    /// <summary>Writes a line for people.</summary>
    public void Line(string text = "") => Messages.WriteLine(text);

    /// <summary>Writes sentences for people, on as many lines as they need.</summary>
    public void Paragraph(string text) => Line(string.Join('\n', Show.Lines(text, Width)));

    /// <summary>Writes emphasized words for people, on as many lines as they need.</summary>
    public void Heading(string text)
    {
        var lines = string.Join('\n', Show.Lines(text, Width));
        if (IsLive)
            Console.MarkupLineInterpolated($"[bold]{lines}[/]");
        else
            Line(lines);
    }

    /// <summary>Writes a name and its value.</summary>
    public void Pair(string name, string text)
    {
        var lines = string.Join($"\n{"",PairIndent}", Show.Lines(text, Width - Math.Max(PairIndent, name.Length + 3)));
        if (IsLive)
            Console.MarkupLineInterpolated($"  [grey]{name,-11}[/] {lines}");
        else
            Line($"  {name,-11} {lines}");
    }

    /// <summary>Writes a JSON line to standard output, if JSON was requested.</summary>
    public void Result(params IEnumerable<(string Name, object? Value)> values)
    {
        if (!Json)
            return;
        output.WriteLine(JsonLine.Of(values));
        output.Flush();
    }
}
