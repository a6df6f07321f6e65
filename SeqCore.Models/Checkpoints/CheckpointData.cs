using System.Globalization;

namespace SeqCore.Models;

/// <summary>The contents of a checkpoint: tensors and short texts under flat names, <c>part.name</c>.</summary>
public sealed class CheckpointData : IDisposable
{
    /// <summary>The entry of a configuration that identifies the data by their hash.</summary>
    internal const string DataEntry = "data_sha256";

    /// <summary>The entry that names the data; if the hash is known, the hash decides, since a file may be renamed.</summary>
    private const string DataName = "data";

    private const string ConfigurationPart = "configuration.";
    private readonly bool owner;

    /// <summary>Makes an empty checkpoint, to be filled and saved.</summary>
    public CheckpointData() => Source = "The new checkpoint";

    /// <summary>Makes a checkpoint that has been read and owns its tensors.</summary>
    internal CheckpointData(string source) => (Source, owner) = (source, true);

    /// <summary>
    /// The weights, the running averages of the optimizer and the carried states, all contiguous. Tensors that were read belong
    /// to the checkpoint.
    /// </summary>
    public SortedDictionary<string, Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers, counters and names, as texts.</summary>
    public SortedDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of steps trained.</summary>
    public long Step
    {
        get => GetInt64("step");
        set => Set("step", value);
    }

    /// <summary>The name that errors use for the checkpoint.</summary>
    internal string Source { get; }

    /// <summary>The configuration of the run: kind and sizes of the model, vocabulary and hyperparameters.</summary>
    public IReadOnlyDictionary<string, string> Configuration => ConfigurationOf(Values);

    /// <summary>Sets one entry of <see cref="Configuration"/>.</summary>
    public void SetConfiguration(string name, string value) =>
        Values[ConfigurationPart + Argument.NotNull(name)] = Argument.NotNull(value);

    /// <summary>Adds tensors under <c>part.name</c>.</summary>
    public void Add(string part, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, tensor) in tensors)
            Tensors.Add($"{part}.{name}", tensor);
    }

    /// <summary>Returns the tensors of a part under their own names.</summary>
    public Dictionary<string, Tensor> Part(string part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Tensors.Where(t => t.Key.StartsWith(part + ".", StringComparison.Ordinal))
            .ToDictionary(t => t.Key[(part.Length + 1)..], t => t.Value);
    }

    /// <summary>Sets an integer.</summary>
    public void Set(string name, long value) =>
        Values[Argument.NotNull(name)] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sets a counter.</summary>
    public void Set(string name, ulong value) =>
        Values[Argument.NotNull(name)] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sets a number; exactly the same number is read back.</summary>
    public void Set(string name, double value) =>
        Values[Argument.NotNull(name)] = value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Returns a text.</summary>
    /// <exception cref="CheckpointException">There is no entry with this name.</exception>
    public string GetText(string name) =>
        Values.TryGetValue(Argument.NotNull(name), out var text)
            ? text
            : throw new CheckpointException($"{Source} has no value '{name}'.");

    /// <summary>Returns an integer.</summary>
    /// <exception cref="CheckpointException">There is no entry with this name.</exception>
    public long GetInt64(string name) =>
        long.TryParse(GetText(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw NotNumber(name);

    /// <summary>Returns a counter.</summary>
    /// <exception cref="CheckpointException">There is no entry with this name.</exception>
    public ulong GetUInt64(string name) =>
        ulong.TryParse(GetText(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw NotNumber(name);

    /// <summary>Returns a number.</summary>
    /// <exception cref="CheckpointException">There is no entry with this name.</exception>
    public double GetDouble(string name) =>
        double.TryParse(GetText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw NotNumber(name);

    /// <summary>Requires that a run has the configuration of the checkpoint.</summary>
    /// <param name="expected">The configuration of the run that is to continue from here.</param>
    /// <exception cref="CheckpointException">
    /// The configurations differ; the message names each differing entry with both values.
    /// </exception>
    public void RequireConfiguration(IReadOnlyDictionary<string, string> expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        RequireNone([.. ConfigurationDifferences(expected)], HasOtherData(expected));
    }

    /// <summary>Requires that a run has the configuration of the checkpoint, and a model of the kind that it describes.</summary>
    /// <param name="configuration">The configuration of the run that is to continue from here.</param>
    /// <param name="model">The model of the run.</param>
    /// <exception cref="CheckpointException">The configurations differ; the message names each differing entry.</exception>
    internal void RequireRun(IReadOnlyDictionary<string, string> configuration, Module model)
    {
        List<string> differences = [.. ConfigurationDifferences(configuration)];
        if (model is Model described)
        {
            var expected = ModelDescription.Entries(ModelDescription.Of(described));
            differences.AddRange(Differences(ModelDescription.Entries(Values, described.DefaultOptionsJson), expected));
        }

        RequireNone(differences, HasOtherData(configuration));
    }

    internal static IReadOnlyDictionary<string, string> ConfigurationOf(IReadOnlyDictionary<string, string> values) =>
        values.Where(v => v.Key.StartsWith(ConfigurationPart, StringComparison.Ordinal))
            .ToDictionary(v => v.Key[ConfigurationPart.Length..], v => v.Value);

    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> found,
        IReadOnlyDictionary<string, string> expected) =>
        from name in found.Keys.Union(expected.Keys).Order(StringComparer.Ordinal)
        where found.GetValueOrDefault(name) != expected.GetValueOrDefault(name)
        select $"{name} is {Shown(found.GetValueOrDefault(name))} there and {Shown(expected.GetValueOrDefault(name))} here";

    private IEnumerable<string> ConfigurationDifferences(IReadOnlyDictionary<string, string> expected)
    {
        if (!expected.TryGetValue(DataEntry, out var here) || !Configuration.TryGetValue(DataEntry, out var there))
            return Differences(Configuration, expected);
        var others = Differences(Rest(Configuration), Rest(expected));
        return here == there ? others : others.Prepend(DataDifference(there, here, expected.GetValueOrDefault(DataName)));

        static Dictionary<string, string> Rest(IReadOnlyDictionary<string, string> all) =>
            all.Where(e => e.Key is not (DataEntry or DataName)).ToDictionary();
    }

    private string DataDifference(string there, string here, string? name)
    {
        var before = Configuration.GetValueOrDefault(DataName);
        return (before == name
                ? $"its data{(name is null ? "" : $" '{Shown(name)}'")} have changed since the run was trained on them"
                : $"the run was trained on other data, {Quoted(before)} there and {Quoted(name)} here")
            + $" (SHA-256 {Begin(there)} there and {Begin(here)} here)";

        static string Quoted(string? name) => name is null ? "without a name" : $"'{Shown(name)}'";

        static string Begin(string hash) => hash.Length <= 12 ? hash : $"{hash[..12]}...";
    }

    private bool HasOtherData(IReadOnlyDictionary<string, string> expected) =>
        expected.TryGetValue(DataEntry, out var here) && Configuration.TryGetValue(DataEntry, out var there) && here != there;

    private void RequireNone(IReadOnlyCollection<string> differences, bool hasOtherData)
    {
        if (differences.Count > 0)
        {
            throw new CheckpointException($"{Source} belongs to another run: {string.Join("; ", differences)}. Hint: use the "
                + (hasOtherData ? "data and options of that run, or start a new run in another folder, from these weights if you"
                    + " like." : "options of that run, or another folder."))
            { IsFromAnotherRun = true };
        }
    }

    /// <summary>Releases the memory of tensors that were read from a file.</summary>
    public void Dispose()
    {
        if (!owner)
            return;
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    private static string Shown(string? value)
    {
        if (value is null)
            return "absent";
        var line = value.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        return line.Length <= 60 ? line : $"{line[..60]}... ({value.Length} characters)";
    }

    private CheckpointException NotNumber(string name) =>
        new($"{Source}: the value '{name}' should be a number but is '{Shown(Values[name])}'.");
}
