using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A part of a model. It owns parameters and other modules, which its constructor registers under PyTorch's names, so that state
/// dictionaries are flat (<c>lstm.weight_ih_l0</c>) and load PyTorch's weights unchanged. Nothing is found by reflection:
/// a module that only stands in a field is not a part, so it is neither trained nor saved nor moved, and
/// <see cref="Evaluate"/> does not switch its dropout off. A <see cref="Trainer"/> refuses a loss that depends on one; in a loop
/// by hand, <see cref="Tape.ReachedLeaves"/> lists what the loss depends on.
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
public abstract partial class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Parameter>> parameters = [];
    private readonly List<KeyValuePair<string, Module>> children = [];
    private readonly List<RandomGenerator> generators = [];
    private IReadOnlyList<WeightEntry>? named;
    private bool isTraining = true;

    /// <summary>
    /// Whether dropout and similar operations are active; true until <see cref="Evaluate"/>. While a stream or a computation of
    /// attention weights runs on a thread, it is false there for every module, whatever the module's mode. A module of your own
    /// that acts differently in training asks here: a <see cref="Trainer"/> then notices if nobody registered it.
    /// </summary>
    public bool IsTraining
    {
        get
        {
            if (!IsInTraining)
                return false;
            TrainingWatch.Note(this);
            return true;
        }
    }

    /// <summary>The value of <see cref="IsTraining"/>, for those that act alike in both modes.</summary>
    internal bool IsInTraining => isTraining && !InferenceScope.IsOpen;

    /// <summary>The module that this one was registered with first; null for none.</summary>
    internal Module? Parent { get; private set; }

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
        return Entries("").Where(e => !e.Parameter.IsBuffer && seen.Add(e.Parameter))
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
    /// Returns a table for users with each parameter's name, its module's kind, its shape and count, and the total. Buffers,
    /// such as the running mean of a <see cref="BatchNorm"/>, are listed but not counted.
    /// </summary>
    public string Summary() => ModuleSummary.Of(this);

    /// <summary>
    /// Returns the parts of this module with their kinds and numbers of parameters, one to a line, as PyTorch's
    /// <c>print(model)</c>; <see cref="Summary"/> has each parameter with its shape.
    /// </summary>
    public override string ToString() => ModuleSummary.Tree(this);

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
    /// Registers a buffer, as PyTorch's register_buffer: numbers that are saved and loaded with the parameters
    /// (<see cref="StateDictionary()"/>) and move to a device with them, but are never trained, such as the mean by which inputs
    /// are scaled, or the running statistics of a <see cref="BatchNorm"/>. <see cref="Parameters"/> does not return it.
    /// </summary>
    /// <param name="name">The buffer's name, without a dot.</param>
    /// <param name="value">The initial value, which the buffer takes over.</param>
    /// <returns>
    /// The buffer, whose <see cref="Variable.Value"/> is the tensor where it is now; change that in place, as with
    /// <see cref="Tensor.CopyFrom(Tensor)"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The value is a view with gaps, or the name is taken or has a dot.</exception>
    protected Parameter RegisterBuffer(string name, Tensor value)
    {
        var buffer = new Parameter(value) { IsBuffer = true };
        buffer.RequiresGradient = false;
        return Register(name, buffer);
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
        child.Parent ??= this;
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

    private void SetTraining(bool training)
    {
        isTraining = training;
        foreach (var (_, child) in children)
            child.SetTraining(training);
    }

    private void SetRequiresGradient(bool value)
    {
        foreach (var (_, parameter) in parameters)
            parameter.RequiresGradient = value && !parameter.IsBuffer;
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
