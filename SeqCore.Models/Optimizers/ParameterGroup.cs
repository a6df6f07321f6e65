namespace SeqCore.Models;

/// <summary>Parameters that an optimizer treats alike.</summary>
public sealed class ParameterGroup
{
    /// <summary>A group of these parameters.</summary>
    /// <exception cref="ArgumentException">No parameter, or one of them twice.</exception>
    public ParameterGroup(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
        if (Parameters.Count == 0)
            throw new ArgumentException("ParameterGroup: a group needs at least one parameter.", nameof(parameters));
    }

    /// <summary>The parameters, in the order of the optimizer's state.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Factor of the optimizer's learning rate for this group.</summary>
    public float LearningRateFactor { get; set; } = 1f;

    /// <summary>This group's weight decay; null takes the optimizer's.</summary>
    public float? WeightDecay { get; init; }
}
