using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Changes parameters by their gradients: one fused kernel call per group and step.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly string[] momentNames;
    private readonly Tensor[][][] moments;
    private readonly OptimizerSlot[] slots;

    /// <summary>Takes the groups and makes their moments, zero at first.</summary>
    /// <param name="groups">Parameters; none may come twice.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="momentNames">PyTorch's names of the moments kept for each parameter: none, one or two.</param>
    private protected Optimizer(IEnumerable<ParameterGroup> groups, float learningRate, params string[] momentNames)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Groups = [.. groups];
        LearningRate = learningRate;
        this.momentNames = momentNames;
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        if (Groups.SelectMany(g => g.Parameters).Any(p => !seen.Add(p)))
            throw new ArgumentException($"{Kind}: a parameter comes twice; it would be changed twice in a step.", nameof(groups));
        if (seen.Count == 0)
            throw new ArgumentException($"{Kind}: there is no parameter to optimize.", nameof(groups));
        using var suspension = TensorScope.Suspend();
        moments = [.. Groups.Select(g => g.Parameters.Select(p => momentNames.Select(_ => Tensor.Zeros(p.Shape, p.Value.Backend)).ToArray()).ToArray())];
        slots = new OptimizerSlot[Groups.Max(g => g.Parameters.Count)];
    }

    /// <summary>The parameters, in groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Step size of the next step, before a group's factor; at least 0.</summary>
    public float LearningRate
    {
        get;
        set
        {
            CheckNotNegative(value, nameof(LearningRate));
            field = value;
        }
    }

    /// <summary>
    /// Steps done so far, counted for the optimizer as a whole. Differs from PyTorch, which counts for each parameter: where one gets
    /// its first gradient only later, Adam corrects its moments, and SGD dampens that gradient, as if it had been there from the start.
    /// </summary>
    public long StepCount { get; private set; }

    private string Kind => GetType().Name;

    /// <summary>Changes every parameter that has a gradient; the others stay as they are. On the CPU it allocates one small object for each group.</summary>
    /// <param name="gradientScale">Factor of every gradient, so that clipping needs no pass of its own.</param>
    public void Step(float gradientScale = 1f) => Step(gradientScale, default);

    /// <summary>Changes every parameter that has a gradient, clipped; where the norm is not finite nothing changes. Does not wait for the device.</summary>
    /// <param name="clipped">What <see cref="GradientClip.ByGlobalNorm"/> found.</param>
    public void Step(ClippedNorm clipped) => Step(1f, clipped.Factor);

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <param name="gradientScale">Factor of every gradient.</param>
    /// <param name="factor">One more, on the device; or absent.</param>
    internal void Step(float gradientScale, DeviceSpan<float> factor)
    {
        StepCount++;
        for (var g = 0; g < Groups.Count; g++)
        {
            var group = Groups[g];
            var count = 0;
            for (var p = 0; p < group.Parameters.Count; p++)
            {
                if (group.Parameters[p].Gradient is { } gradient)
                    slots[count++] = new OptimizerSlot(group.Parameters[p].Value.Span, gradient.Span, Moment(g, p, 0), Moment(g, p, 1));
            }

            if (count > 0)
                Update(group.Parameters[0].Value.Backend, slots.AsSpan(0, count), group, LearningRate * group.LearningRateFactor, gradientScale, factor);
        }

        Array.Clear(slots);
    }

    /// <summary>Forgets the gradient of every parameter and gives its memory back.</summary>
    public void ZeroGradients()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
                parameter.ZeroGradient();
        }
    }

    /// <summary>All that the optimizer remembers; loading it goes on bit for bit.</summary>
    public OptimizerState StateDictionary()
    {
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (name, moment) in NamedMoments())
            tensors.Add(name, moment);
        return new OptimizerState(tensors, new OrderedDictionary<string, double> { ["step"] = StepCount, ["learning_rate"] = LearningRate });
    }

    /// <summary>Takes over what <see cref="StateDictionary"/> told; either everything fits or nothing changes.</summary>
    /// <exception cref="StateDictionaryException">Names are missing or unexpected, or shapes differ; the message lists them all.</exception>
    public void LoadStateDictionary(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = NamedMoments().ToDictionary();
        string[] scalars = ["step", "learning_rate"];
        StateDictionaryException.ThrowIfAny(
            Kind,
            missing: own.Keys.Where(k => !state.Tensors.ContainsKey(k)).Concat(scalars.Where(s => !state.Scalars.ContainsKey(s))),
            unexpected: state.Tensors.Keys.Where(k => !own.ContainsKey(k)).Concat(state.Scalars.Keys.Except(scalars)),
            wrongShapes: from o in own
                         where state.Tensors.TryGetValue(o.Key, out var value) && !value.Shape.Equals(o.Value.Shape)
                         select $"{o.Key} should have shape {o.Value.Shape}, got {state.Tensors[o.Key].Shape}");
        foreach (var (name, moment) in own)
            TensorCopy.Into(state.Tensors[name], moment);
        StepCount = (long)state.Scalars["step"];
        LearningRate = (float)state.Scalars["learning_rate"];
    }

    /// <summary>Gives the memory of the moments back.</summary>
    public void Dispose()
    {
        foreach (var moment in moments.SelectMany(g => g).SelectMany(p => p))
            moment.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs the fused kernel over the slots of one group.</summary>
    private protected abstract void Update(Backend backend, ReadOnlySpan<OptimizerSlot> groupSlots, ParameterGroup group, float rate, float gradientScale, DeviceSpan<float> factor);

    private protected void CheckNotNegative(float value, string name)
    {
        if (!(value >= 0f) || float.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, $"{Kind}: {name} should be finite and at least 0.");
    }

    private protected void CheckShare(float value, string name)
    {
        if (!(value >= 0f && value < 1f))
            throw new ArgumentOutOfRangeException(name, value, $"{Kind}: {name} should be in [0, 1).");
    }

    private DeviceSpan<float> Moment(int group, int parameter, int index) =>
        index < momentNames.Length ? moments[group][parameter][index].Span : default;

    private IEnumerable<KeyValuePair<string, Tensor>> NamedMoments()
    {
        var i = 0;
        foreach (var ofParameter in moments.SelectMany(g => g))
        {
            for (var m = 0; m < momentNames.Length; m++)
                yield return KeyValuePair.Create($"{i}.{momentNames[m]}", ofParameter[m]);
            i++;
        }
    }
}
