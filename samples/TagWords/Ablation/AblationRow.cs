using SeqCore.Models;

namespace SeqCore.Samples.TagWords;

/// <summary>A model of the ablation: one with or without some of its parts.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Change">Makes its options from those of the whole model.</param>
internal sealed record AblationRow(string Name, Func<TextTaggerOptions, TextTaggerOptions> Change)
{
    /// <summary>The options of the model and its training.</summary>
    /// <param name="whole">Those of a whole model.</param>
    /// <remarks>Without characters words keep their capitals, which nothing else shows then.</remarks>
    public TrainOptions Of(TrainOptions whole)
    {
        var model = Change(whole.Model);
        return whole with { Model = model, IsLowercase = whole.IsLowercase && model.CharacterFeatures > 0 };
    }

    /// <summary>Every model, for options of a whole one.</summary>
    /// <param name="whole">The options with characters and a conditional random field.</param>
    public static IReadOnlyList<AblationRow> All(TextTaggerOptions whole)
    {
        var transformer = whole.Encoder with
        {
            Kind = TextEncoderKind.Transformer,
            Layers = Math.Max(2, whole.Encoder.Layers),
            HiddenSize = Rounded(2 * whole.Encoder.HiddenSize, whole.Encoder.HeadCount),
        };
        AblationRow[] all =
        [
            Named(o => o with { CharacterFeatures = 0, HasCrf = false }),
            Named(o => o with { HasCrf = false }),
            Named(o => o with { CharacterFeatures = 0 }),
            Named(o => o),
            Named(o => o with { Encoder = transformer }),
        ];
        return [.. all.DistinctBy(r => r.Name)];

        AblationRow Named(Func<TextTaggerOptions, TextTaggerOptions> change) => new(ModelText.Title(change(whole)), change);
    }

    // A Transformer is as wide as both directions of a recurrent layer together.
    private static int Rounded(int width, int heads) => (width + heads - 1) / heads * heads;
}
