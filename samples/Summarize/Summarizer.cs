using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Summarizes texts with a model as the options of a command line say.</summary>
/// <param name="model">The model.</param>
/// <param name="limits">How texts are cut, and how long a summary may be.</param>
/// <param name="options">How to search.</param>
internal sealed class Summarizer(EncoderDecoderModel model, Limits limits, TranslationOptions options)
{
    /// <summary>The length penalty where neither the user nor a named set has another.</summary>
    public const float UsualPenalty = 1;

    /// <summary>The name of the option of the length penalty.</summary>
    public const string Penalty = "--length-penalty";

    /// <summary>The name under which the configuration of a run records the length penalty.</summary>
    public const string PenaltyEntry = "length_penalty";

    private const string Beam = "--beam", Repeat = "--no-repeat-ngram";

    /// <summary>Adds the options of the search for summaries to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="usualPenalty">What its help says of the length penalty that is used without the option.</param>
    public static void AddTo(Command command, string usualPenalty)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Whole(Beam, "Beam width; 1 always takes the likeliest token.", 4, 1, 1024));
        command.Add(OptionKinds.Real(Penalty,
            "Length penalty: 0 compares plain probabilities, larger values prefer longer summaries."
                + $" [default: {usualPenalty}]", UsualPenalty, "from 0 to 10", p => p is >= 0 and <= 10));
        command.Add(OptionKinds.Whole(Repeat, "No run of N tokens occurs twice in a summary; 0 allows it.", 3, 0, 1024));
    }

    /// <summary>The length penalty that a model's run records.</summary>
    public static float PenaltyOf(TrainedModel<EncoderDecoderModel> trained) =>
        float.TryParse(trained.Configuration.GetValueOrDefault(PenaltyEntry), NumberStyles.Float, CultureInfo.InvariantCulture,
            out var penalty) ? penalty : UsualPenalty;

    /// <summary>A summarizer with the options of a command line, and otherwise those of a model's run.</summary>
    public static Summarizer From(ParseResult result, TrainedModel<EncoderDecoderModel> trained) =>
        From(result, trained.Model, Limits.Of(trained), PenaltyOf(trained));

    /// <summary>A summarizer with the options of a command line.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="limits">How texts are cut, and how long a summary may be.</param>
    /// <param name="penalty">The length penalty where the command line has none.</param>
    public static Summarizer From(ParseResult result, EncoderDecoderModel model, Limits limits, float penalty) =>
        new(model, limits, new TranslationOptions
        {
            BeamWidth = result.GetValue<int>(Beam),
            LengthPenalty = result.Given(Penalty, penalty),
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
