using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>How many of a model's tunes parse, and in how many all bars add up.</summary>
/// <param name="Tunes">Whole tunes that were checked.</param>
/// <param name="Parse">Those that parse as ABC notation.</param>
/// <param name="AddUp">Those of them whose bars all add up.</param>
internal sealed record TuneReport(int Tunes, int Parse, int AddUp)
{
    private const int Texts = 32, Characters = 1000;

    /// <summary>For people.</summary>
    public string Description =>
        $"of {Tunes} tunes it wrote, {Show.Share(Parse, Tunes)} parse and in {Show.Share(AddUp, Tunes)} all bars add up";

    /// <summary>For JSON.</summary>
    public IEnumerable<(string, object?)> Values => [("tunes", Tunes), ("parse", Parse), ("add_up", AddUp)];

    /// <summary>Has a model write some tens of tunes, and checks them.</summary>
    public static TuneReport Of(Author author) => Of(author.WriteMany(author.IsGreedy ? 1 : Texts, Characters));

    /// <summary>Checks the whole tunes in texts that were cut anywhere.</summary>
    public static TuneReport Of(params IEnumerable<string> texts)
    {
        var verdicts = texts.SelectMany(t => AbcChecker.CheckAll(t, isExcerpt: true)).ToArray();
        return new TuneReport(verdicts.Length, verdicts.Count(v => v.Parses), verdicts.Count(v => v.AddsUp));
    }

    /// <summary>What the checker says about one tune, in a sentence.</summary>
    public static string Sentence(string tune) => AbcChecker.Check(tune.Trim('\n')) switch
    {
        { AddsUp: true } v => $"It parses, and all its {v.Bars} bars add up.",
        { Parses: true } v => $"It parses, but {v.Problem}.",
        var v => $"It does not parse: {v.Problem}.",
    };
}
