namespace SeqCore.Models;

// The weights of a module by name: state dictionaries.
public abstract partial class Module
{
    /// <summary>
    /// Returns the tensors of the parameters and buffers themselves, under their flat names in order of registration. They are
    /// not copies: training goes on changing them, so <see cref="Tensor.Copy"/> those to keep, such as the best weights so far. A
    /// shared parameter is included under each of its names. If a model packs several tensors into one parameter but names them
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
}
