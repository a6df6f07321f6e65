using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SeqCore.Models;

/// <summary>
/// A saved model that is open for reading: kind, options and tokenizers in the <c>__metadata__</c> of a safetensors file, and the
/// weights under their names in the model. Checkpoints of a <see cref="Trainer"/> hold the same, so a model can be loaded from
/// them too.
/// </summary>
public sealed partial class ModelFile : IDisposable
{
    /// <summary>The name of a model's file in a folder.</summary>
    public const string FileName = "model.safetensors";

    private const string Format = "seqcore-model 1";
    private readonly SafetensorsFile file;
    private readonly string prefix;

    private ModelFile(string path, SafetensorsFile file, string prefix)
    {
        (Source, this.file, this.prefix) = (path, file, prefix);
        Kind = Value(ModelDescription.Kind);
        Options = Value(ModelDescription.Options);
    }

    /// <summary>Makes the part of a file that holds a model within the model.</summary>
    private ModelFile(ModelFile whole, string part, string kind, string options) =>
        (Source, file, prefix, Kind, Options) = (whole.Source, whole.file, $"{whole.prefix}{part}.", kind, options);

    /// <summary>The path of the file that was opened.</summary>
    public string Source { get; }

    /// <summary>The kind of model, such as <c>gpt</c> (see <see cref="Model.FileKind"/>).</summary>
    public string Kind { get; }

    /// <summary>
    /// The model's options as a string of JSON, <c>{"size":16}</c>; <see cref="ReadOption{T}"/> reads one of them, and
    /// <see cref="ReadOptions{TOptions}(JsonTypeInfo{TOptions})"/> all as a record.
    /// </summary>
    public string Options { get; }

    /// <summary>The number of steps trained if the file is a checkpoint; otherwise null.</summary>
    public long? Step => file.Metadata.TryGetValue("step", out var text)
        && long.TryParse(text, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>
    /// The configuration of the run if the file is a checkpoint (see <see cref="TrainerOptions.Configuration"/>); otherwise
    /// empty.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration => CheckpointData.ConfigurationOf(file.Metadata);

    /// <summary>Opens a saved model.</summary>
    /// <param name="path">
    /// The path of a file that <see cref="Model.Save"/> wrote or of a checkpoint, or of a folder: its <c>model.safetensors</c> if
    /// it has one, else the best checkpoint of a run, else the newest intact one.
    /// </param>
    /// <param name="skipped">Receives each damaged file of a folder that is skipped for the next one.</param>
    /// <exception cref="CheckpointException">
    /// There is no model, or the file is damaged or of another format; the message gives the reason.
    /// </exception>
    public static ModelFile Open(string path, Action<CheckpointSkipped>? skipped = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            return OpenFile(path);
        CheckpointException? damage = null;
        foreach (var candidate in Candidates(path).Where(File.Exists))
        {
            try
            {
                return OpenFile(candidate);
            }
            catch (CheckpointException damaged)
            {
                damage ??= damaged;
                skipped?.Invoke(new CheckpointSkipped(candidate, damaged.Message));
            }
        }

        throw damage ?? new CheckpointException($"The folder '{path}' contains no model: neither {FileName} nor a checkpoint."
            + " Train first, or check the path.");
    }

    /// <summary>Loads a model: makes it from its options, then copies the weights.</summary>
    /// <typeparam name="TModel">The class of the model.</typeparam>
    /// <param name="path">A path as for <see cref="Open"/>.</param>
    /// <param name="kind">The kind of model that the file should hold (see <see cref="Model.FileKind"/>).</param>
    /// <param name="create">
    /// Makes the model from <see cref="ReadOption{T}"/> or <see cref="ReadOptions{TOptions}(JsonTypeInfo{TOptions})"/>, with its
    /// tokenizers; the weights may have any values. If the file holds far fewer weights than the options need, the layers of this
    /// library throw before they allocate memory.
    /// </param>
    /// <returns>The model, in evaluation mode.</returns>
    /// <exception cref="CheckpointException">
    /// The file holds another kind of model, or one that does not fit its options.
    /// </exception>
    public static TModel Load<TModel>(string path, string kind, Func<ModelFile, TModel> create) where TModel : Model
    {
        using var file = Open(path);
        return file.Make(kind, create);
    }

    /// <summary>Makes the model that this file holds; see <see cref="Load{TModel}"/>.</summary>
    /// <typeparam name="TModel">The class of the model.</typeparam>
    /// <param name="kind">The kind of model that the file should hold.</param>
    /// <param name="create">Makes the model from <see cref="ReadOptions{TOptions}(JsonTypeInfo{TOptions})"/>.</param>
    /// <exception cref="CheckpointException">
    /// The file holds another kind of model, or one that does not fit its options.
    /// </exception>
    public TModel Make<TModel>(string kind, Func<ModelFile, TModel> create) where TModel : Model
    {
        ArgumentNullException.ThrowIfNull(create);
        if (Kind != kind)
            throw OtherKind(kind);
        TModel? model = null;
        try
        {
            model = Create(create);
            CopyWeights(model);
            model.Evaluate();
            return model;
        }
        catch (Exception misfit) when (misfit is ArgumentException or FormatException or JsonException or KeyNotFoundException
            or OverflowException)
        {
            model?.Dispose();
            throw Error($"it does not hold the model that it describes: {misfit.Message}", misfit);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tokenizer that was saved with the model; null if there is none of this name.</summary>
    /// <param name="name">The name of the tokenizer, as in <see cref="Model.Tokenizers"/>.</param>
    /// <exception cref="CheckpointException">The kind of the tokenizer is not registered.</exception>
    public Tokenizer? ReadTokenizer(string name = ModelDescription.Tokenizer)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!file.Metadata.TryGetValue(ModelDescription.TokenizerKey(name), out var json))
            return null;
        try
        {
            return Tokenizer.FromJson(json);
        }
        catch (FormatException foreign)
        {
            throw Error(foreign.Message, foreign);
        }
    }

    /// <summary>Reads a tokenizer that was saved with the model and that the model needs.</summary>
    /// <param name="name">The name of the tokenizer, as in <see cref="Model.Tokenizers"/>.</param>
    /// <exception cref="CheckpointException">
    /// The file has no tokenizer of this name, or its kind is not registered.
    /// </exception>
    public Tokenizer RequireTokenizer(string name = ModelDescription.Tokenizer) => ReadTokenizer(name) ?? throw Error(
        $"it has no tokenizer '{name}'. Hint: a model saves those that it returns from its property Tokenizers, as in protected"
            + $" override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => [new(\"{name}\", words)]; override it and"
            + " save the model again.");

    /// <summary>Copies the weights of this file into a model of the same kind and sizes; either all or none.</summary>
    /// <exception cref="StateDictionaryException">Names or shapes differ; the message lists them.</exception>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public void CopyWeights(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = new TensorScope("weights");
        var backend = model.Parameters().FirstOrDefault()?.Value.Backend;
        try
        {
            var weights = file.Entries.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(n => n[prefix.Length..], n => file.Read(n, backend: backend));
            model.LoadStateDictionary(weights);
        }
        catch (TensorFileException damaged)
        {
            throw Error(damaged.Message, damaged);
        }
    }

    /// <summary>Returns what this file holds of a model that is a part of its model; it is closed with this file.</summary>
    /// <param name="name">The name of the part in the model.</param>
    /// <param name="kind">The kind of the part.</param>
    /// <param name="options">The options of the part, as a string of JSON.</param>
    internal ModelFile Part(string name, string kind, string options) => new(this, name, kind, options);

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    internal static void Write(Model model, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var metadata = ModelDescription.Of(model);
        metadata["format"] = Format;
        if (Directory.Exists(path) || (Path.GetExtension(path).Length == 0 && !File.Exists(path)))
        {
            Directory.CreateDirectory(path);
            path = Path.Combine(path, FileName);
        }

        using var scope = new TensorScope("weights");
        SafetensorsFile.Write(path, model.StateDictionary(), metadata, checksum: true);
    }

    /// <summary>Makes the error about a file of another kind than any that was expected.</summary>
    internal CheckpointException OtherKind(params IReadOnlyList<string> expected) => Error(ModelKinds.Mismatch(Kind, expected));

    private TModel Create<TModel>(Func<ModelFile, TModel> create) where TModel : Model
    {
        var weights = file.Entries.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        using (WeightLimit.Limit(weights.Sum(w => (long)w.Value.Shape.ElementCount), weights.Count))
            return create(this);
    }

    private static IEnumerable<string> Candidates(string folder) =>
        [Path.Combine(folder, FileName), CheckpointFolder.BestIn(folder), .. CheckpointFolder.CheckpointsIn(folder)];

    /// <summary>Opens a saved model from a stream that can seek; it is closed with the result.</summary>
    internal static ModelFile OpenStream(Stream stream, string name) => OpenFile(name, () => SafetensorsFile.Open(stream, name));

    private static ModelFile OpenFile(string path) => OpenFile(path, () => SafetensorsFile.Open(path));

    private static ModelFile OpenFile(string path, Func<SafetensorsFile> open)
    {
        var file = OpenTensors(path, open);
        try
        {
            // Files that PyTorch wrote have no checksum. A damaged name of the format should not look like another format.
            var format = file.Metadata.GetValueOrDefault("format");
            if (file.HasChecksum || format == CheckpointFile.Format)
                file.VerifyChecksum();
            return format switch
            {
                Format => new ModelFile(path, file, ""),
                CheckpointFile.Format => new ModelFile(path, file, TrainingCheckpoint.ModelPart + "."),
                var other => throw CheckpointFile.Foreign($"'{path}'", other),
            };
        }
        catch (TensorFileException damaged)
        {
            file.Dispose();
            throw CheckpointFile.Unreadable($"'{path}'", "a model's file", damaged);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafetensorsFile OpenTensors(string path, Func<SafetensorsFile> open)
    {
        try
        {
            return open();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"The model '{path}' does not exist. Train first, or check the path.", missing);
        }
        catch (TensorFileException damaged)
        {
            throw CheckpointFile.Unreadable($"'{path}'", "a model's file", damaged);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            throw new CheckpointException($"'{path}' cannot be read as a model: {unreadable.Message}", unreadable);
        }
    }

    private string Value(string name) => file.Metadata.GetValueOrDefault(name)
        ?? throw Error($"it does not describe a model: it has no '{name}'."
            + " Hint: for the weights of a module that is not a Model, read a checkpoint's Part(\"model\").");

    private CheckpointException Error(string problem, Exception? inner = null) => new($"Model file '{Source}': {problem}", inner);
}
