namespace SeqCore.Models;

/// <summary>A group of parameters that an optimizer treats alike.</summary>
public sealed class ParameterGroup
{
    /// <summary>Makes a group of parameters.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one of them is null or listed twice.</exception>
    public ParameterGroup(IEnumerable<Parameter> parameters)
    {
        Parameters = Argument.NoNulls(parameters, nameof(ParameterGroup), nameof(parameters));
        if (Parameters.Count == 0)
        {
            throw new ArgumentException("ParameterGroup: a group needs at least one parameter. Hint: a module has those of the"
                + " parts that its constructor registers, as in layer = Register(\"layer\", new Linear(...)); one that only"
                + " stands in a field is not a part.", nameof(parameters));
        }

        if (Parameters.Distinct(ReferenceEqualityComparer.Instance).Count() < Parameters.Count)
        {
            throw new ArgumentException("ParameterGroup: a parameter is listed twice; it would be changed twice in a step.",
                nameof(parameters));
        }

        foreach (var parameter in Parameters)
            parameter.HasOptimizer = true;
    }

    /// <summary>The parameters, in the order of the optimizer's state.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The factor of the optimizer's learning rate for this group, finite and at least 0.</summary>
    public float LearningRateFactor
    {
        get;
        set => field = Argument.NotNegative(value, nameof(ParameterGroup), nameof(LearningRateFactor));
    } = 1f;

    /// <summary>The weight decay of this group, finite and at least 0; null for the optimizer's.</summary>
    public float? WeightDecay
    {
        get;
        init => field = value is { } decay ? Argument.NotNegative(decay, nameof(ParameterGroup), nameof(WeightDecay)) : null;
    }

    /// <summary>
    /// Makes groups for an optimizer that decays only matrices: parameters with two axes or more (linear weights, embeddings)
    /// have its weight decay, and those with fewer (biases, scales of norms) none.
    /// </summary>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <returns>The group of matrices and the group of the others; an empty group is omitted.</returns>
    public static IReadOnlyList<ParameterGroup> DecayMatricesOnly(IEnumerable<Parameter> parameters)
    {
        var all = Argument.NoNulls(parameters, nameof(ParameterGroup), nameof(parameters));
        var groups = new List<ParameterGroup>();
        foreach (var rank in all.ToLookup(p => p.Shape.Rank >= 2).OrderByDescending(g => g.Key))
            groups.Add(new ParameterGroup(rank) { WeightDecay = rank.Key ? null : 0f });
        return groups;
    }
}
