namespace SeqCore.Models;

/// <summary>Parameters that an optimizer treats alike.</summary>
public sealed class ParameterGroup
{
    /// <summary>A group of these parameters.</summary>
    /// <exception cref="ArgumentException">No parameter, or one of them is null or comes twice.</exception>
    public ParameterGroup(IEnumerable<Parameter> parameters)
    {
        Parameters = Argument.NoNulls(parameters, nameof(ParameterGroup), nameof(parameters));
        if (Parameters.Count == 0)
            throw new ArgumentException("ParameterGroup: a group needs at least one parameter.", nameof(parameters));
        if (Parameters.Distinct(ReferenceEqualityComparer.Instance).Count() < Parameters.Count)
        {
            throw new ArgumentException("ParameterGroup: a parameter comes twice; it would be changed twice in a step.",
                nameof(parameters));
        }
    }

    /// <summary>The parameters, in the order of the optimizer's state.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Factor of the optimizer's learning rate for this group, finite and at least 0.</summary>
    public float LearningRateFactor
    {
        get;
        set => field = Argument.NotNegative(value, nameof(ParameterGroup), nameof(LearningRateFactor));
    } = 1f;

    /// <summary>This group's weight decay, finite and at least 0; null takes the optimizer's.</summary>
    public float? WeightDecay
    {
        get;
        init => field = value is { } decay ? Argument.NotNegative(decay, nameof(ParameterGroup), nameof(WeightDecay)) : null;
    }

    /// <summary>
    /// Groups for an optimizer that decays matrices only: parameters with two axes or more (linear weights, embeddings) take its
    /// weight decay, and those with fewer (biases, scales of norms) none.
    /// </summary>
    /// <param name="parameters">At least one.</param>
    /// <returns>The matrices, then the rest; a group that would be empty is left out.</returns>
    public static IReadOnlyList<ParameterGroup> DecayMatricesOnly(IEnumerable<Parameter> parameters)
    {
        var all = Argument.NoNulls(parameters, nameof(ParameterGroup), nameof(parameters));
        var groups = new List<ParameterGroup>();
        foreach (var rank in all.ToLookup(p => p.Shape.Rank >= 2).OrderByDescending(g => g.Key))
            groups.Add(new ParameterGroup(rank) { WeightDecay = rank.Key ? null : 0f });
        return groups;
    }
}
