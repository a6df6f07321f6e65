using System.Globalization;

namespace SeqCore.Models;

/// <summary>A chain of layers, named 0, 1, 2 and so on; a layer over sequences passes on its output at every step.</summary>
/// <example>
/// <code>
/// var random = new RandomGenerator(seed: 1);
/// using var tagger = new Sequential(new Lstm(8, 32, random), new Dropout(0.1f, random), new Linear(32, 5, random));
/// using var scope = new TensorScope();
/// var logits = tagger.Forward(Tensor.Ones([2, 7, 8]));
/// Console.WriteLine(logits.Shape);   // (2, 7, 5)
/// </code>
/// </example>
public sealed class Sequential : Layer
{
    private readonly ILayer[] layers;

    /// <summary>Makes a chain of layers.</summary>
    /// <param name="layers">The layers, which are modules; the chain owns them.</param>
    /// <exception cref="ArgumentException">
    /// A layer is not a <see cref="Module"/>, so its parameters would not be found.
    /// </exception>
    public Sequential(params ILayer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        this.layers = [.. layers];
        for (var i = 0; i < layers.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(layers[i], $"{nameof(layers)}[{i}]");
            if (layers[i] is not Module module)
                throw new ArgumentException($"Sequential: layer {i}, a {layers[i].GetType().Name}, should be a Module. Hint: "
                    + "derive it from Layer.", nameof(layers));
            Register(i.ToString(CultureInfo.InvariantCulture), module);
        }
    }

    /// <inheritdoc/>
    public override Variable Forward(Variable x)
    {
        foreach (var layer in layers)
            x = layer.Forward(x);
        return x;
    }
}
