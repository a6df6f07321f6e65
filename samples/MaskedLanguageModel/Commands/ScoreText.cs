using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Says how well blanks were filled, and how well without looking.</summary>
internal static class ScoreText
{
    /// <summary>A sentence.</summary>
    public static string Of(MaskedScore score, MaskedText text)
    {
        var (token, share) = text.Commonest();
        var always = text.Tokenizer.Unit(token).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"Of {Show.Count(score.Count)} blanks {Percent(score.Accuracy)} are filled rightly (always '{always}':"
            + $" {Percent(share)}); loss {Show.Loss(score.Loss)} nats";
    }

    /// <summary>For example 15.0 %.</summary>
    public static string Percent(double share) => $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
