using System.Globalization;

namespace SeqCore.Models;

/// <summary>Layers one after the other, named 0, 1, 2 and so on.</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] layers;

    /// <summary>A chain of these layers.</summary>
    public Sequential(params Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        this.layers = layers;
        for (var i = 0; i < layers.Length; i++)
            Register(i.ToString(CultureInfo.InvariantCulture), layers[i]);
    }

    /// <inheritdoc/>
    public override Variable Forward(Variable x)
    {
        foreach (var layer in layers)
            x = layer.Forward(x);
        return x;
    }
}
