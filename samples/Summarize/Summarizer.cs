using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Summarizes texts with a model as the options of a command line say.</summary>
/// <param name="model">The model.</param>
/// <param name="limits">How texts are cut, and how long a summary may be.</param>
/// <param name="options">How to search.</param>
internal sealed class Summarizer(EncoderDecoderModel model, Limits limits, TranslationOptions options)
{
    private const string Beam = "--beam", Penalty = "--length-penalty", Repeat = "--no-repeat-ngram";

    /// <summary>Adds the options of the search for summaries to a command.</summary>
    public static void AddTo(Command command)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Whole(Beam, "Beam width; 1 always takes the likeliest token.", 4, 1, 1024));
        command.Add(OptionKinds.Real(Penalty,
            "Length penalty: 0 compares plain probabilities, larger values prefer longer summaries.", 1.5f,
            "from 0 to 10", p => p is >= 0 and <= 10));
        command.Add(OptionKinds.Whole(Repeat, "Tokens that no summary may have in a row twice; 0 allows it.", 3, 0, 1024));
    }

    /// <summary>A summarizer with the options of a command line.</summary>
    public static Summarizer From(ParseResult result, EncoderDecoderModel model, Limits limits) =>
        new(model, limits, new TranslationOptions
        {
            BeamWidth = result.GetValue<int>(Beam),
            LengthPenalty = result.GetValue<float>(Penalty),
            NoRepeatNgram = result.GetValue<int>(Repeat),
            MaximumSourceLength = limits.Text,
            MaximumLengthRatio = 0,
            MaximumLengthBeyond = limits.Summary,
            ForbiddenTokens = [SpecialToken.Unknown],
        });

    /// <summary>Summarizes texts, those of similar length side by side.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Stops early.</param>
    public string[] Summarize(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        [.. model.Translate([.. texts.Select(limits.Read)], options, cancellation).Select(t => t.Text.Trim())];
}
