using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Commands;
using SeqCore.Tensors;

namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>What a model looked at while it wrote.</summary>
/// <param name="Source">Words or characters of the source.</param>
/// <param name="Target">Those of the translation, and its end.</param>
/// <param name="Layers">For each layer that attends to the source, weights of shape (N, T, S); empty where nothing attends.</param>
/// <param name="Heads">N</param>
internal sealed record Alignment(IReadOnlyList<string> Source, IReadOnlyList<string> Target, IReadOnlyList<float[]> Layers, int Heads)
{
    /// <summary>Lets a model write a translation again and keeps what it attends to.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="form">Its vocabularies.</param>
    /// <param name="source">At least one token.</param>
    /// <param name="target">Its translation, without the end.</param>
    public static Alignment Of(EncoderDecoderModel model, ModelForm form, int[] source, int[] target)
    {
        using var scope = new TensorScope("alignment");
        using var read = IndexTensor.FromSpan(source, new Shape(1, source.Length));
        using var written = IndexTensor.FromSpan([SpecialToken.Start, .. target], new Shape(1, target.Length + 1));
        var attention = model.Forward(read, null, written, returnAttention: true).Attention;
        return new Alignment(
            [.. source.Select(form.Vocabularies.Source.Unit)],
            [.. target.Select(form.Vocabularies.Target.Unit), "end"],
            [.. attention.Select(w => w.Value.ToArray())],
            attention.Count == 0 ? 0 : attention[0].Shape[1]);
    }

    /// <summary>Adds the weights to a page.</summary>
    /// <param name="page">For people.</param>
    /// <param name="heading">Stands above them.</param>
    public void AddTo(AttentionPage page, string heading) => page.Add(heading, Layers, Heads, Target, Source, "written", "read");

    /// <summary>The first layer's weights, its heads averaged, as lines of characters; empty where nothing attends.</summary>
    public IEnumerable<string> Lines()
    {
        if (Layers.Count == 0)
            yield break;
        var left = Target.Max(w => w.Length);
        yield return new string(' ', left + 2) + string.Concat(Source.Select(HeatMap.Visible));
        for (var t = 0; t < Target.Count; t++)
        {
            var line = new StringBuilder(HeatMap.Visible(Target[t]).PadLeft(left)).Append("  ");
            for (var s = 0; s < Source.Count; s++)
            {
                var weight = Enumerable.Range(0, Heads).Average(h => Layers[0][(((h * Target.Count) + t) * Source.Count) + s]);
                line.Append(" ░▒▓█"[(int)Math.Min(4, weight * 5)], HeatMap.Visible(Source[s]).Length);
            }

            yield return line.ToString().TrimEnd();
        }
    }
}
