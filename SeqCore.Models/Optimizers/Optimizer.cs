using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The base of optimizers, which change parameters by their gradients. A custom rule overrides <see cref="Update"/> with tensor
/// operations; what it remembers of each parameter are named tensors, which go into checkpoints. The built-in rules run one fused
/// kernel for each group and step (<see cref="IsFused"/>).
/// </summary>
/// <remarks>
/// Of a parameter with a sparse gradient the built-in rules change only the rows that have one, of the weight and of the state
/// (<see cref="Embedding.SparseGradient"/>); a custom rule gets the whole gradient, with zeros.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private readonly OneThread oneThread;
    private readonly string stepName;
    private readonly string[] stateNames;
    private readonly Tensor[][][] states;
    private readonly ParameterUpdate[] updates;
    private readonly List<OptimizerSlot> slots = [];
    private List<DeviceSpan<float>>? gradients;

    /// <summary>Makes an optimizer over groups, with the state of each parameter, which is zero at first.</summary>
    /// <param name="groups">The groups of parameters; none may be listed twice.</param>
    /// <param name="learningRate">The learning rate (step size), at least 0.</param>
    /// <param name="stateNames">
    /// The names of the tensors kept for each parameter, each of its shape: PyTorch's names if it has the rule.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, one is listed twice, a group is null, or a name is empty, repeated or has a dot.
    /// </exception>
    protected Optimizer(IEnumerable<ParameterGroup> groups, float learningRate, params string[] stateNames)
    {
        Groups = Argument.NoNulls(groups, Kind, nameof(groups));
        ArgumentNullException.ThrowIfNull(stateNames);
        stepName = $"{Kind}.Step";
        oneThread = new OneThread(stepName, "Let one thread take the step, after all have finished their backward passes.");
        LearningRate = learningRate;
        this.stateNames = [.. stateNames];
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        if (Groups.SelectMany(g => g.Parameters).Any(p => !seen.Add(p)))
            throw new ArgumentException($"{Kind}: a parameter is listed twice; it would be changed twice in a step.",
                nameof(groups));
        if (seen.Count == 0)
            throw new ArgumentException($"{Kind}: there is no parameter to optimize.", nameof(groups));
        var isBad = stateNames.Any(n => string.IsNullOrEmpty(n) || n.Contains('.', StringComparison.Ordinal));
        if (isBad || stateNames.Distinct().Count() < stateNames.Length)
            throw new ArgumentException($"{Kind}: the names of states should be different and without dots; got "
                + $"'{string.Join("', '", stateNames)}'.", nameof(stateNames));
        using var suspension = TensorScope.Suspend();
        states = [.. Groups.Select(g =>
            g.Parameters.Select(p => stateNames.Select(_ => Tensor.Zeros(p.Shape, p.Value.Backend)).ToArray()).ToArray())];
        updates = new ParameterUpdate[Groups.Max(g => g.Parameters.Count)];
    }

    /// <summary>The parameters, in groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The learning rate of the next step, before a group's factor; at least 0.</summary>
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
    /// The number of steps done so far, counted for the whole optimizer. Differs from PyTorch, which counts for each parameter:
    /// if one gets its first gradient only later, Adam corrects its moments, and SGD dampens that gradient, as if it had been
    /// there from the start.
    /// </summary>
    public long StepCount { get; private set; }

    private string Kind => GetType().Name;

    /// <summary>
    /// Whether <see cref="Update"/> takes all parameters of a group at once and applies <see cref="OptimizerStep.GradientScale"/>
    /// and <see cref="OptimizerStep.GradientFactor"/> itself, as a fused kernel does. If false, it gets one parameter at a time
    /// with its gradient scaled, and is not called if clipping finds a norm that is not finite; its temporary tensors are
    /// released after each parameter.
    /// </summary>
    protected virtual bool IsFused => false;

    /// <summary>Changes every parameter that has a gradient and is not frozen; the others do not change.</summary>
    /// <param name="gradientScale">The factor of every gradient, so that clipping needs no separate pass.</param>
    /// <exception cref="ObjectDisposedException">
    /// The optimizer or the module of a parameter has been disposed; nothing has changed.
    /// </exception>
    /// <remarks>A built-in rule allocates nothing on the CPU.</remarks>
    public void Step(float gradientScale = 1f) => Step(gradientScale, null);

    /// <summary>
    /// Changes every parameter that has a gradient, with all gradients together clipped to a norm as in <see
    /// cref="GradientClip.ByGlobalNorm"/>, but within the step: the gradients themselves do not change. If the norm is not
    /// finite, no parameter and no state changes, but the step counts. The built-in rules do not wait for the device; a rule that
    /// is not fused waits once for each step.
    /// </summary>
    /// <param name="maxNorm">The largest norm that is not clipped, above 0.</param>
    /// <returns>The norm, and the factor that was applied.</returns>
    /// <exception cref="ObjectDisposedException">
    /// The optimizer or the module of a parameter has been disposed; nothing has changed.
    /// </exception>
    public ClippedNorm StepClipped(float maxNorm)
    {
        // Kept from step to step; a second thread, whose step is refused below, makes its own.
        var list = Interlocked.Exchange(ref gradients, null) ?? [];
        var clipped = GradientClip.Find(Groups.SelectMany(g => g.Parameters), maxNorm, list);
        gradients = list;
        using var factor = clipped.Factor();
        Step(1f, factor);
        return clipped;
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <param name="gradientScale">The factor of every gradient.</param>
    /// <param name="factor">A further factor on the device, shape (1,), or null.</param>
    internal void Step(float gradientScale, Tensor? factor)
    {
        using var work = oneThread.Begin();
        RequireOpen();
        StepCount++;
        var isFused = IsFused;
        if (!isFused && factor is not null)
            (gradientScale, factor) = (gradientScale * factor.Item(), null);
        if (!isFused && float.IsNaN(gradientScale))
            return;
        for (var g = 0; g < Groups.Count; g++)
        {
            var group = Groups[g];
            var count = 0;
            for (var p = 0; p < group.Parameters.Count; p++)
            {
                if (group.Parameters[p] is { RequiresGradient: true, Gradient: { } gradient } parameter)
                    updates[count++] = new ParameterUpdate(parameter.Value, gradient, parameter.GradientRows, stateNames,
                        StatesOf(g, p, parameter.Value.Backend));
            }

            var step = new OptimizerStep(group, LearningRate * group.LearningRateFactor, StepCount, isFused ? gradientScale : 1f,
                factor);
            if (isFused && count > 0)
                Update(updates.AsSpan(0, count), step);
            for (var i = 0; i < count && !isFused; i++)
                UpdateOne(updates[i], step, gradientScale);
            for (var i = 0; i < count; i++)
                updates[i].Value.NoteWrite(stepName);
        }

        Array.Clear(updates);
        slots.Clear();
    }

    /// <summary>Clears the gradient of every parameter and releases its memory (<see cref="Variable.ZeroGradient"/>).</summary>
    public void ZeroGradients()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
                parameter.ZeroGradient();
        }
    }

    /// <summary>Returns the whole state of the optimizer; a run that loads it continues bit for bit.</summary>
    public OptimizerState StateDictionary()
    {
        oneThread.RequireOpen();
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in NamedStates())
            tensors.Add(name, tensor);
        return new OptimizerState(tensors,
            new OrderedDictionary<string, double> { ["step"] = StepCount, ["learning_rate"] = LearningRate });
    }

    /// <summary>Restores what <see cref="StateDictionary"/> returned; either everything fits or nothing changes.</summary>
    /// <exception cref="StateDictionaryException">
    /// Names are missing or unexpected, or shapes differ; the message lists them all.
    /// </exception>
    public void LoadStateDictionary(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        oneThread.RequireOpen();
        var own = NamedStates().ToDictionary();
        string[] scalars = ["step", "learning_rate"];
        StateDictionaryException.ThrowIfAny(
            Kind,
            missing: own.Keys.Where(k => !state.Tensors.ContainsKey(k)).Concat(scalars.Where(s => !state.Scalars.ContainsKey(s))),
            unexpected: state.Tensors.Keys.Where(k => !own.ContainsKey(k)).Concat(state.Scalars.Keys.Except(scalars)),
            wrongShapes: from o in own
                         where state.Tensors.TryGetValue(o.Key, out var value) && !value.Shape.Equals(o.Value.Shape)
                         select $"{o.Key} should have shape {o.Value.Shape}, got {state.Tensors[o.Key].Shape}");
        TensorCopy.IntoAll([.. own.Select(o => (state.Tensors[o.Key], o.Value))]);
        StepCount = (long)state.Scalars["step"];
        LearningRate = (float)state.Scalars["learning_rate"];
    }

    /// <summary>Releases the memory of the states.</summary>
    public void Dispose()
    {
        oneThread.Close();
        foreach (var state in states.SelectMany(g => g).SelectMany(p => p))
            state.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes parameters by their gradients, which is the optimizer's rule.</summary>
    /// <param name="parameters">One parameter; for a fused optimizer, all parameters of a group that have a gradient.</param>
    /// <param name="step">The learning rate, and everything else that the parameters have in common.</param>
    protected abstract void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step);

    /// <summary>Throws if a hyperparameter is negative or not finite.</summary>
    protected void CheckNotNegative(float value, string name) => Argument.NotNegative(value, Kind, name);

    /// <summary>Throws if a hyperparameter, such as the decay rate of a mean, is not in [0, 1).</summary>
    protected void CheckFraction(float value, string name) => Argument.Probability(value, Kind, name);

    /// <summary>
    /// Returns the parameters as the kernels of <see cref="Backend"/> take them: the first two states are the first and second
    /// moment. Of a parameter with <see cref="Variable.GradientRows"/>, each run of neighbouring rows is a slot of its own.
    /// </summary>
    private protected ReadOnlySpan<OptimizerSlot> Slots(ReadOnlySpan<ParameterUpdate> parameters)
    {
        slots.Clear();
        foreach (var parameter in parameters)
            parameter.AddSlots(slots);
        return CollectionsMarshal.AsSpan(slots);
    }

    /// <summary>Requires that every parameter still exists: a disposed one has no gradient and would be skipped.</summary>
    private void RequireOpen()
    {
        for (var g = 0; g < Groups.Count; g++)
        {
            for (var p = 0; p < Groups[g].Parameters.Count; p++)
            {
                if (Groups[g].Parameters[p].Value is { IsDisposed: true } closed)
                {
                    throw new ObjectDisposedException(Kind, $"{stepName}: parameter {p} of group {g} has been disposed: {closed}."
                        + " Dispose the model after the last step.");
                }
            }
        }
    }

    private void UpdateOne(in ParameterUpdate parameter, in OptimizerStep step, float gradientScale)
    {
        using var scope = new TensorScope("optimizer's step");
        Update([gradientScale == 1f ? parameter : parameter.WithGradient(parameter.Gradient * gradientScale)], step);
    }

    /// <summary>Returns the states of a parameter, moved to the device of the parameter.</summary>
    private Tensor[] StatesOf(int group, int parameter, Backend backend)
    {
        var own = states[group][parameter];
        if (own.Length == 0 || own[^1].Backend == backend)
            return own;
        using var suspension = TensorScope.Suspend();
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i].Backend == backend)
                continue;
            var moved = Tensor.Uninitialized(own[i].Shape, backend);
            TensorCopy.Into(own[i], moved);
            own[i].Dispose();
            own[i] = moved;
        }

        return own;
    }

    private IEnumerable<KeyValuePair<string, Tensor>> NamedStates()
    {
        var i = 0;
        foreach (var ofParameter in states.SelectMany(g => g))
        {
            for (var s = 0; s < stateNames.Length; s++)
                yield return KeyValuePair.Create($"{i}.{stateNames[s]}", ofParameter[s]);
            i++;
        }
    }
}
