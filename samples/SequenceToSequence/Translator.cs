using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Translates with a model as the options of a command line say.</summary>
/// <param name="model">The model.</param>
/// <param name="options">How to search.</param>
internal sealed class Translator(EncoderDecoderModel model, TranslationOptions options)
{
    private const string Beam = "--beam", Penalty = "--length-penalty", Known = "--no-unknown";

    /// <summary>Adds the options of the search for translations to a command.</summary>
    public static void AddTo(Command command)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Whole(Beam, "Beam width; 1 always takes the likeliest token.", 1, 1, 1024));
        command.Add(OptionKinds.Real(Penalty,
            "Length penalty: 0 compares plain probabilities, larger values prefer longer translations.", 0,
            "from 0 to 10", p => p is >= 0 and <= 10));
        command.Add(new Option<bool>(Known) { Description = "Never write the token for unknown words or characters." });
    }

    /// <summary>A translator with the options of a command line.</summary>
    public static Translator From(ParseResult result, EncoderDecoderModel model) => new(model, new TranslationOptions
    {
        BeamWidth = result.GetValue<int>(Beam),
        LengthPenalty = result.GetValue<float>(Penalty),
        AllowsUnknown = !result.GetValue<bool>(Known),
    });

    /// <summary>The largest number of tokens of a source or translation that a model was trained on.</summary>
    public static int LongestOf(TrainedModel<EncoderDecoderModel> trained) =>
        trained.Number("sequence", trained.Model.MaximumLength ?? 64);

    /// <summary>The best translation of each text.</summary>
    public IReadOnlyList<Translation> Translate(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        model.Translate(texts, options, cancellation);

    /// <summary>For each text as many translations as there are beams, the best first.</summary>
    public IReadOnlyList<IReadOnlyList<Translation>> TranslateToSeveral(IReadOnlyList<string> texts,
        CancellationToken cancellation) => model.TranslateToSeveral(texts, options.BeamWidth, options, cancellation);

    /// <summary>Translates the different sources of some pairs.</summary>
    /// <param name="pairs">Sources and their right translations; a source may have several.</param>
    /// <param name="most">The largest number of different sources.</param>
    /// <param name="cancellation">Stops early.</param>
    public Examination Examine(IEnumerable<(string Source, string Target)> pairs, int most, CancellationToken cancellation)
    {
        var groups = pairs.GroupBy(p => p.Source, StringComparer.Ordinal).Take(most).ToArray();
        var translations = Translate([.. groups.Select(g => g.Key)], cancellation);
        return new Examination([.. groups.Zip(translations,
            (g, t) => new Examined(g.Key, [.. g.Select(p => p.Target)], t))]);
    }
}
