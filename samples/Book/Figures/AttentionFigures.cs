using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>Heat maps of what attention sees and of positions.</summary>
internal static class AttentionFigures
{
    private const int Steps = 8, Cell = 15;

    /// <summary>What each query sees with three masks: the weights that the library gives to equal scores.</summary>
    internal static string Masks()
    {
        var drawing = new Diagram("Causal mask, sliding window of 3 steps, and padding after 5 keys", 460, 190);
        using var scope = new TensorScope();
        using var five = IndexTensor.FromSpan([5], new Shape(1));
        Mask(0, "causal", AttentionOptions.Causal);
        Mask(1, "causal, window of 3", AttentionOptions.Causal with { Window = 3 });
        Mask(2, "5 keys, then padding", new AttentionOptions { KeyLengths = five });
        return drawing.UprightText(14, 98, "query", "soft small middle").ToSvg();

        void Mask(int index, string name, AttentionOptions options)
        {
            var shape = new Shape(1, 1, Steps, Steps);
            var weights = new AttentionMask(shape, options).Weights(new Variable(Tensor.Zeros(shape))).Value;
            var x = 24 + 146 * index;
            drawing.Text(x + Steps * Cell / 2, 24, "key", "soft small middle")
                .Cells(x, 34, Cell, Steps, Array.ConvertAll(weights.ToArray(), w => w > 0 ? 0.85f : 0f));
            for (var i = 1; i < Steps; i++)
            {
                drawing.Grid((x + i * Cell, 34), (x + i * Cell, 34 + Steps * Cell))
                    .Grid((x, 34 + i * Cell), (x + Steps * Cell, 34 + i * Cell));
            }

            drawing.Text(x + Steps * Cell / 2, 176, name, "middle");
        }
    }

    /// <summary>The vectors that are added at the first positions.</summary>
    internal static string Positions()
    {
        const int Rows = 32, Size = 32;
        using var scope = new TensorScope();
        using var positions = new SinusoidalPositions(Size);
        var values = positions.Forward(new Variable(Tensor.Zeros(new Shape(Rows, Size)))).Value.ToArray();
        var drawing = new Diagram("Sinusoidal positions: rows are positions, columns are elements", 440, 450);
        drawing.Text(44, 16, "element (of D = 32)", "soft small").UprightText(14, 44, "position", "soft small end");
        for (var i = 0; i < Rows; i += 8)
        {
            var label = i.ToString(CultureInfo.InvariantCulture);
            drawing.Text(44 + 12 * (i + 0.5), 36, label, "middle small").Text(38, 44 + 12 * (i + 0.5) + 4, label, "end small");
        }

        return drawing.Cells(44, 44, 12, Size, values).Text(44, 444, "blue: 0 to 1, orange: 0 to -1", "soft small").ToSvg();
    }

    /// <summary>The recorded weights of a trained model.</summary>
    /// <param name="recorded">The content of the recorded file.</param>
    internal static string Attention(string recorded)
    {
        var record = AttentionRecord.Parse(recorded);
        const double Cell = 14;
        var (left, top) = (50.0, 44.0);
        var drawing = new Diagram("Where a trained model looked in the source as it wrote each character of a date",
            left + Cell * record.Source.Length + 10, top + Cell * record.Target.Length + 12);
        drawing.Text(left, 16, "read", "soft small").UprightText(12, top, "written", "soft small end");
        for (var s = 0; s < record.Source.Length; s++)
            drawing.Text(left + Cell * (s + 0.5), top - 7, HeatMap.Visible(record.Source[s]), "middle");
        for (var t = 0; t < record.Target.Length; t++)
            drawing.Text(left - 6, top + Cell * (t + 0.5) + 4.5, HeatMap.Visible(record.Target[t]), "end");
        return drawing.Cells(left, top, Cell, record.Source.Length, record.Weights).ToSvg();
    }
}
