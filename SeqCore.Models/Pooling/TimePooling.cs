namespace SeqCore.Models;

/// <summary>
/// The base of layers that reduce a sequence of vectors to one vector: <see cref="LastStep"/>, <see cref="MeanPooling"/>,
/// <see cref="MaxPooling"/> and <see cref="AttentionPooling"/>. Shapes: x (B, T, F), result (B, F).
/// </summary>
/// <example>
/// <code>
/// using var x = Tensor.FromSpan([1f, 2f, 6f, 3f, 5f, 0f], [2, 3, 1]);
/// using var lengths = IndexTensor.FromArray([3, 2]);                // the second has two steps and padding
/// using var scope = new TensorScope();
/// Console.WriteLine(Join(new MeanPooling().Forward(x, lengths)));   // 3, 4
/// Console.WriteLine(Join(new MaxPooling().Forward(x, lengths)));    // 6, 5
/// Console.WriteLine(Join(new LastStep().Forward(x, lengths)));      // 6, 5
///
/// static string Join(Variable x) => string.Join(", ", x.Value.ToArray());
/// </code>
/// </example>
public abstract class TimePooling : Layer
{
    /// <summary>Reduces sequences whose steps all count.</summary>
    /// <param name="x">The sequences, shape (B, T, F), T at least 1.</param>
    /// <exception cref="ShapeException">x does not have the required shape.</exception>
    public sealed override Variable Forward(Variable x) => Forward(x, null);

    /// <summary>Reduces sequences of different lengths.</summary>
    /// <param name="x">The sequences, shape (B, T, F), T at least 1; values in padding, even NaN, have no effect.</param>
    /// <param name="lengths">
    /// The number of steps of each sequence, shape (B,), in [1, T] (checked on the CPU only); null for T in all.
    /// </param>
    /// <returns>One vector for each sequence, shape (B, F).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is not in [1, T].</exception>
    public Variable Forward(Variable x, IndexTensor? lengths)
    {
        Check(x, lengths);
        return Pool(x, lengths);
    }

    /// <summary>Reduces sequences whose shape and lengths have been checked.</summary>
    /// <param name="x">The sequences, shape (B, T, F), T at least 1.</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,); null for T in all.</param>
    protected abstract Variable Pool(Variable x, IndexTensor? lengths);

    /// <summary>Makes a layer of a kind that is chosen at run time.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="inputSize">The number of features of a step, F.</param>
    /// <param name="random">The generator that draws initial values, which only attention has.</param>
    internal static TimePooling New(TimePoolingKind kind, int inputSize, RandomGenerator random) => kind switch
    {
        TimePoolingKind.Last => new LastStep(),
        TimePoolingKind.Mean => new MeanPooling(),
        TimePoolingKind.Max => new MaxPooling(),
        _ => new AttentionPooling(inputSize, random),
    };

    private protected void Check(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3 || x.Shape[1] == 0)
            throw ShapeException.Wrong(Kind, nameof(x), "(B, T, F) with T at least 1", x.Shape);
        if (lengths is null)
            return;
        if (!lengths.Shape.Equals(new Shape(x.Shape[0])))
        {
            throw ShapeException.Wrong(Kind, nameof(lengths), $"(B,) = ({x.Shape[0]},)", lengths.Shape, $"x is {x.Shape}");
        }

        if (lengths.Backend.Device.Kind != DeviceKind.Cpu)
            return;
        var values = lengths.ToArray();
        if (Array.FindIndex(values, length => length < 1 || length > x.Shape[1]) is >= 0 and var b)
        {
            throw new ArgumentOutOfRangeException(nameof(lengths), values[b],
                $"{Kind}: lengths should be in [1, T] = [1, {x.Shape[1]}]; sequence {b} has {values[b]}.");
        }
    }

    /// <summary>Returns which steps are padding, shape (B, T, 1), and x with 0 there.</summary>
    private protected static (BoolTensor IsPadding, Variable Steps) WithoutPadding(Variable x, IndexTensor lengths)
    {
        var isPadding = !BoolTensor.LengthMask(lengths, x.Shape[1]).Unsqueeze(2);
        return (isPadding, x.MaskedFill(isPadding, 0f));
    }
}
