using Spectre.Console;

namespace SeqCore.Samples.Common;

/// <summary>Where the program writes: results to standard output, and messages there too unless results are JSON lines.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isOutputLive">Whether standard output is a terminal.</param>
/// <param name="isErrorLive">Whether standard error is a terminal.</param>
public sealed class Terminal(TextWriter output, TextWriter error, bool isOutputLive = false, bool isErrorLive = false)
{
    private IAnsiConsole? console;

    /// <summary>Whether standard output takes JSON lines and messages go to standard error.</summary>
    public bool Json { get; init; }

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
    public Terminal With(bool json) => new(output, error, isOutputLive, isErrorLive) { Json = json };

    /// <summary>Writes a line for people.</summary>
    public void Line(string text = "") => Messages.WriteLine(text);

    /// <summary>Writes an emphasized line for people.</summary>
    public void Heading(string text)
    {
        if (IsLive)
            Console.MarkupLineInterpolated($"[bold]{text}[/]");
        else
            Line(text);
    }

    /// <summary>Writes a name and its value.</summary>
    public void Pair(string name, string text)
    {
        if (IsLive)
            Console.MarkupLineInterpolated($"  [grey]{name,-11}[/] {text}");
        else
            Line($"  {name,-11} {text}");
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
