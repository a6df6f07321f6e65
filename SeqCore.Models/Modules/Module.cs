using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A part of a model. It owns parameters and other modules, which its constructor registers under PyTorch's names, so that state
/// dictionaries are flat (<c>lstm.weight_ih_l0</c>) and load PyTorch's weights unchanged. Nothing is found by reflection:
/// a module that only stands in a field is not a part, so it is neither trained nor saved nor moved. A <see cref="Trainer"/>
/// refuses a loss that depends on one; in a loop by hand, <see cref="Tape.ReachedLeaves"/> lists what the loss depends on.
/// </summary>
/// <example>
/// <code>
/// // The weights of any module, by name. (A Model has Save, which writes options and tokenizers too.)
/// using var layer = new Linear(inputSize: 3, outputSize: 2, new RandomGenerator(seed: 1));
/// SafetensorsFile.Write("layer.safetensors", layer.StateDictionary());
/// using var file = SafetensorsFile.Open("layer.safetensors");
/// layer.LoadStateDictionary(file.ReadAll());
/// </code>
/// </example>
public abstract class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Parameter>> parameters = [];
    private readonly List<KeyValuePair<string, Module>> children = [];
    private readonly List<RandomGenerator> generators = [];
    private IReadOnlyList<WeightEntry>? named;
    private bool isTraining = true;

    /// <summary>
    /// Whether dropout and similar operations are active; true until <see cref="Evaluate"/>. While a stream or a computation of
    /// attention weights runs on a thread, it is false there for every module, whatever the module's mode.
    /// </summary>
    public bool IsTraining => isTraining && !InferenceScope.IsOpen;

    /// <summary>The name of this kind of module in <see cref="Summary"/> and in errors.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>
    /// The names of this module's weights if they differ from those of its parts, else null. The rows use the names of the parts.
    /// </summary>
    private protected virtual WeightNames? Names => null;

    /// <summary>Whether the option TieWeights of this model is set; null if it has none.</summary>
    internal virtual bool? TiesWeights => null;

    /// <summary>The number of registered parameters, where one registered several times counts several times.</summary>
    private int EntryCount => parameters.Count + children.Sum(c => c.Value.EntryCount);

    /// <summary>The number of values in all parameters; a shared parameter counts once.</summary>
    public long ParameterCount => Parameters().Sum(p => (long)p.Value.ElementCount);

    /// <summary>The modules registered directly with this one, with their names.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => children;

    /// <summary>
    /// Returns every parameter with its flat name, those of this module before those of its children. A shared parameter is
    /// returned once, under its first name.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Parameter>> NamedParameters()
    {
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        return Entries("").Where(e => !e.Parameter.IsStatistic && seen.Add(e.Parameter))
            .Select(e => KeyValuePair.Create(e.Name, e.Parameter));
    }

    /// <summary>Returns every parameter once.</summary>
    public IEnumerable<Parameter> Parameters() => NamedParameters().Select(p => p.Value);

    /// <summary>
    /// Returns every random generator that this module and its parts draw from in training, each once; training tasks put their
    /// states into checkpoints.
    /// </summary>
    public IEnumerable<RandomGenerator> Generators() =>
        generators.Concat(children.SelectMany(c => c.Value.Generators())).Distinct(ReferenceEqualityComparer.Instance)
            .Cast<RandomGenerator>();

    /// <summary>Switches this module and all its parts to training mode.</summary>
    public void Train() => SetTraining(true);

    /// <summary>
    /// Switches this module and all its parts to evaluation mode: dropout does nothing, and zoneout takes its expected value.
    /// </summary>
    public void Evaluate() => SetTraining(false);

    /// <summary>
    /// Stops the training of every parameter: no gradient is computed for them, and optimizers skip them. The mode
    /// (<see cref="Train"/>, <see cref="Evaluate"/>) does not change. Parts can be frozen separately.
    /// </summary>
    /// <exception cref="InvalidOperationException">Operations are recorded on an open tape.</exception>
    public void Freeze() => SetRequiresGradient(false);

    /// <summary>Makes every parameter trainable again.</summary>
    /// <exception cref="InvalidOperationException">Operations are recorded on an open tape.</exception>
    public void Unfreeze() => SetRequiresGradient(true);

    /// <summary>Clears every gradient and releases its memory (<see cref="Variable.ZeroGradient"/>).</summary>
    public void ZeroGradients()
    {
        foreach (var (_, parameter) in parameters)
            parameter.ZeroGradient();
        foreach (var (_, child) in children)
            child.ZeroGradients();
    }

    /// <summary>
    /// Returns the tensors of the parameters themselves, not copies, under their flat names in order of registration. A shared
    /// parameter is included under each of its names. If a model packs several tensors into one parameter but names them
    /// separately, they are views of it, which belong to the open scope.
    /// </summary>
    public OrderedDictionary<string, Tensor> StateDictionary() => State(NamedWeights());

    /// <summary>
    /// Returns the tensors of the parameters under the names of another program or file format, as views of them if it packs or
    /// transposes differently.
    /// </summary>
    /// <param name="names">The naming of the other program or format.</param>
    /// <exception cref="ArgumentException">The naming has no name for a weight, or does not fit this model.</exception>
    public OrderedDictionary<string, Tensor> StateDictionary(WeightNames names) => State(NamedWeights(Argument.NotNull(names)));

    /// <summary>
    /// Copies values into the parameters. Either everything fits and is copied, or nothing is. One of the names of a shared
    /// parameter is enough.
    /// </summary>
    /// <exception cref="StateDictionaryException">
    /// Names are missing or unexpected, shapes differ, or the names of a shared parameter have different values; the message
    /// lists them.
    /// </exception>
    public void LoadStateDictionary(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = new TensorScope("weights");
        Load(state, NamedWeights(), Names);
    }

    /// <summary>
    /// Copies values that use the names and the layout of another program or file format. Either everything fits and is copied,
    /// or nothing is.
    /// </summary>
    /// <param name="state">The values by their names in the other naming.</param>
    /// <param name="names">The naming of the other program or format.</param>
    /// <exception cref="StateDictionaryException">Names or shapes do not fit; the message lists them.</exception>
    /// <exception cref="ArgumentException">The naming has no name for a weight, or does not fit this model.</exception>
    public void LoadStateDictionary(IReadOnlyDictionary<string, Tensor> state, WeightNames names)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = new TensorScope("weights");
        var weights = NamedWeights(Argument.NotNull(names));
        Load(names.Normalized(state, weights.Select(w => w.Name).ToHashSet()), weights, names);
    }

    /// <summary>
    /// Requires that <see cref="LoadStateDictionary(IReadOnlyDictionary{string, Tensor})"/> would copy everything.
    /// </summary>
    /// <exception cref="StateDictionaryException">Names or shapes do not fit; the message lists them.</exception>
    internal void CheckStateDictionary(IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = new TensorScope("weights");
        Check(state, NamedWeights(), Names);
    }

    /// <summary>
    /// Copies values whose names differ from the parameters', such as those that a wrapper saved under <c>module.</c> or
    /// <c>_orig_mod.</c>: <c>name => name.Replace("_orig_mod.", "")</c>.
    /// </summary>
    /// <param name="state">The values by their names.</param>
    /// <param name="rename">Returns the parameter's name for each name of the state; null skips the value.</param>
    /// <exception cref="ArgumentException">Two names become the same one.</exception>
    /// <exception cref="StateDictionaryException">The renamed values do not fit; the message lists their names.</exception>
    public void LoadStateDictionary(IReadOnlyDictionary<string, Tensor> state, Func<string, string?> rename)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rename);
        var renamed = new Dictionary<string, Tensor>();
        var origins = new Dictionary<string, string>();
        foreach (var (origin, value) in state)
        {
            if (rename(origin) is not { } name)
                continue;
            if (!origins.TryAdd(name, origin))
            {
                throw new ArgumentException($"{Kind}: '{origins[name]}' and '{origin}' both become '{name}'."
                    + " Rename one of them differently, or skip it with null.", nameof(rename));
            }

            renamed.Add(name, value);
        }

        LoadStateDictionary(renamed);
    }

    /// <summary>
    /// Returns a table for users with each parameter's name, its module's kind, its shape and count, and the total. Statistics,
    /// such as the running mean of a <see cref="BatchNorm"/>, are listed but not counted.
    /// </summary>
    public string Summary() => ModuleSummary.Of(this);

    /// <summary>Releases the memory of every parameter and gradient.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the module owns; a derived module overrides it to release its own tensors.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var (_, parameter) in parameters)
        {
            parameter.ReleaseGradient();
            parameter.Value.DisposeWith(Kind);
        }

        foreach (var (_, child) in children)
            child.Dispose();
    }

    /// <summary>
    /// Moves what a derived module holds on a device beside its parameters and parts; by default nothing.
    /// <see cref="ModulePlacement"/> calls it for each module after its parameters have moved.
    /// </summary>
    /// <param name="backend">The backend to move to.</param>
    protected virtual void Move(Backend backend)
    {
    }

    /// <summary>Registers a new parameter of this module.</summary>
    /// <param name="name">PyTorch's name, without a dot.</param>
    /// <param name="value">The initial value, which the parameter takes over.</param>
    protected Parameter Register(string name, Tensor value) => Register(name, new Parameter(value));

    /// <summary>
    /// Registers numbers that are saved with the parameters but never trained, such as the running statistics of a
    /// <see cref="BatchNorm"/>.
    /// </summary>
    private protected Parameter RegisterStatistic(string name, Tensor value)
    {
        var statistic = new Parameter(value) { IsStatistic = true };
        statistic.RequiresGradient = false;
        return Register(name, statistic);
    }

    /// <summary>Registers another module's parameter with this module too, so that the weights are tied.</summary>
    protected Parameter Register(string name, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        parameter.Owner ??= (this, name);
        parameters.Add(KeyValuePair.Create(name, parameter));
        return parameter;
    }

    /// <summary>
    /// Registers a generator that this module draws from in training, such as for the masks of dropout (see
    /// <see cref="Generators"/>).
    /// </summary>
    /// <returns>The generator itself.</returns>
    protected RandomGenerator Register(RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        generators.Add(random);
        return random;
    }

    /// <summary>Registers a module as a part of this one.</summary>
    /// <param name="name">PyTorch's name, without a dot; it becomes the prefix of the part's parameters.</param>
    /// <param name="child">The module that becomes a part.</param>
    protected T Register<T>(string name, T child) where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        children.Add(KeyValuePair.Create(name, (Module)child));
        return child;
    }

    /// <summary>Registers a module as a part of this one, unless it is null.</summary>
    private protected T? RegisterIfAny<T>(string name, T? child) where T : Module =>
        child is null ? null : Register(name, child);

    internal void MoveAll(Backend backend)
    {
        Move(backend);
        foreach (var (_, child) in children)
            child.MoveAll(backend);
    }

    /// <summary>
    /// Returns every name of every parameter, with the module that registered it; a shared one is returned under each name.
    /// </summary>
    internal IEnumerable<WeightEntry> Entries(string prefix) =>
        (Names is { } names ? Named(names) : OwnEntries()).Select(e => e with { Name = prefix + e.Name });

    private IReadOnlyList<WeightEntry> Named(WeightNames names) =>
        named?.Count == EntryCount ? named : named = names.Of(OwnEntries(), this);

    /// <summary>Returns every name of every parameter by the names of the parts.</summary>
    private IEnumerable<WeightEntry> OwnEntries()
    {
        foreach (var (name, parameter) in parameters)
            yield return new WeightEntry(name, parameter, this);
        foreach (var (name, child) in children)
        {
            foreach (var entry in child.Entries($"{name}."))
                yield return entry;
        }
    }

    /// <summary>Returns every tensor of <see cref="StateDictionary()"/>, with its parameter.</summary>
    internal List<NamedWeight> NamedWeights()
    {
        var weights = Entries("").SelectMany(e => WeightNames.Split(e, this, Names));
        return Names is { } names ? names.Distinct(weights, this) : [.. weights];
    }

    private List<NamedWeight> NamedWeights(WeightNames names)
    {
        names.Require(this);
        return names.Distinct(names.Of(OwnEntries(), this).SelectMany(e => WeightNames.Split(e, this, names)), this);
    }

    private static OrderedDictionary<string, Tensor> State(List<NamedWeight> weights)
    {
        var state = new OrderedDictionary<string, Tensor>();
        foreach (var weight in weights)
            state.Add(weight.Name, weight.Value);
        return state;
    }

    private void Load(IReadOnlyDictionary<string, Tensor> state, List<NamedWeight> weights, WeightNames? used)
    {
        Check(state, weights, used);
        TensorCopy.IntoAll([.. from weight in weights
                               where state.ContainsKey(weight.Name)
                               select (weight.Transposed(state[weight.Name]), weight.Target)]);
    }

    private void Check(IReadOnlyDictionary<string, Tensor> state, List<NamedWeight> weights, WeightNames? used)
    {
        var given = weights.Where(w => state.ContainsKey(w.Name)).ToList();
        var present = given.Select(w => (w.Parameter, w.Start)).ToHashSet();
        var names = weights.Select(w => w.Name).ToHashSet();
        StateDictionaryException.ThrowIfAny(
            Kind,
            missing: weights.Where(w => !present.Contains((w.Parameter, w.Start))).Select(w => w.Name),
            unexpected: state.Keys.Where(k => !names.Contains(k)),
            wrongShapes: from w in given
                         where !state[w.Name].Shape.Equals(w.Value.Shape)
                         select $"{w.Name} should have shape {w.Value.Shape}, got {state[w.Name].Shape}",
            contradictions: Contradictions(given, state),
            hint: new StateDictionaryHint(this, used, state, weights).Text);
    }

    /// <summary>
    /// Returns pairs of names of one parameter that have different values, as from a model whose weights are not tied.
    /// </summary>
    private static IEnumerable<string> Contradictions(List<NamedWeight> given, IReadOnlyDictionary<string, Tensor> state)
    {
        var firsts = new Dictionary<(Parameter, int), string>();
        foreach (var weight in given)
        {
            if (firsts.TryAdd((weight.Parameter, weight.Start), weight.Name))
                continue;
            var first = firsts[(weight.Parameter, weight.Start)];
            if (!ReferenceEquals(state[first], state[weight.Name])
                && !state[first].ToArray().AsSpan().SequenceEqual(state[weight.Name].ToArray()))
                yield return $"{first} and {weight.Name} are one parameter here, but were given different values";
        }
    }

    private void SetTraining(bool training)
    {
        isTraining = training;
        foreach (var (_, child) in children)
            child.SetTraining(training);
    }

    private void SetRequiresGradient(bool value)
    {
        foreach (var (_, parameter) in parameters)
            parameter.RequiresGradient = value && !parameter.IsStatistic;
        foreach (var (_, child) in children)
            child.SetRequiresGradient(value);
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{Kind}: the name '{name}' has a dot, which separates a module from its parts.",
                nameof(name));
        }

        if (parameters.Exists(p => p.Key == name) || children.Exists(c => c.Key == name))
            throw new ArgumentException($"{Kind}: '{name}' is registered already.", nameof(name));
    }
}
