using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Commands;

namespace SeqCore.Samples.MaskedLanguageModel.Blanks;

/// <summary>Shows texts with blanks and what a model would fill in.</summary>
/// <param name="vocabulary">Words or characters.</param>
/// <param name="terminal">Where to write.</param>
/// <param name="top">Guesses to show for each blank.</param>
internal sealed class BlankReport(UnitTokenizer vocabulary, Terminal terminal, int top)
{
    /// <summary>Shows one text.</summary>
    /// <param name="tokens">With [MASK] at each blank.</param>
    /// <param name="blanks">What the model makes of them.</param>
    /// <param name="truth">What stood there; null if nobody knows.</param>
    public void Show(int[] tokens, IReadOnlyList<Blank> blanks, int[]? truth)
    {
        var text = vocabulary.Decode(tokens);
        terminal.Line($"  {text.TrimEnd('\n')}");
        for (var i = 0; i < blanks.Count; i++)
        {
            var guesses = blanks[i].Guesses.Take(top).ToArray();
            var line = string.Concat(guesses.Select(g => $"{Unit(g.Token) + " " + ScoreText.Percent(g.Probability),-17}"));
            terminal.Line($"    {i + 1,2}  {line}{(truth is null ? "" : Verdict(blanks[i], truth[blanks[i].Place]))}".TrimEnd());
            terminal.Result(("event", "blank"), ("text", text), ("blank", i + 1),
                ("truth", truth is null ? null : vocabulary.Unit(truth[blanks[i].Place])),
                ("guesses", guesses.Select(g => (vocabulary.Unit(g.Token), (object?)g.Probability))));
        }
    }

    /// <summary>A text with the likeliest guess in every blank.</summary>
    public string Filled(int[] tokens, IReadOnlyList<Blank> blanks)
    {
        int[] filled = [.. tokens];
        foreach (var blank in blanks)
            filled[blank.Place] = blank.Best;
        return vocabulary.Decode(filled);
    }

    private string Verdict(Blank blank, int truth) => blank.RankOf(truth) switch
    {
        1 => $"it was {Unit(truth)}",
        var rank => $"it was {Unit(truth)}, guess {rank}",
    };

    private string Unit(int token) => vocabulary.Unit(token) switch
    {
        "\n" => "\\n",
        "\r" => "\\r",
        "\t" => "\\t",
        " " => "space",
        var unit => unit,
    };
}
