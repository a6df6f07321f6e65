using System.CommandLine;
using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>A command for a trained model.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
/// <param name="kinds">The kinds of model that the program knows.</param>
/// <param name="load">Makes the model from its file.</param>
public abstract class ModelCommand<TModel>(IReadOnlyList<string> kinds, Func<ModelFile, TModel> load)
    : MachineCommand where TModel : Model
{
    private readonly Option<string?> checkpoint = OptionKinds.Path("--checkpoint",
        "A model's file, a checkpoint, or a folder of checkpoints, whose best one is used."
            + " [default: the newest under runs]", "PATH");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.StartGroup("Model");
        command.Options.Add(checkpoint);
    }

    /// <summary>Adds options of data; without them a command takes the data of the model, and the help says so.</summary>
    protected static void AddData(Command command, DataOptions data)
    {
        data.AddTo(command);
        var set = command.Options.Single(o => o.Name == "--dataset");
        set.Description = $"{set.Description!.Split(" [default:")[0]} [default: that of the model]";
    }

    /// <summary>Checks the command line before the model is read.</summary>
    /// <exception cref="UserException">The command line is wrong.</exception>
    protected virtual void Check(ParseResult result)
    {
    }

    /// <summary>Runs the command.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="trained">The model.</param>
    /// <param name="context">The console and cancellation.</param>
    /// <exception cref="UserException">The command cannot be run.</exception>
    protected abstract void Run(ParseResult result, TrainedModel<TModel> trained, Context context);

    /// <inheritdoc/>
    protected sealed override void Run(ParseResult result, Context context, Machine machine)
    {
        Check(result);
        using var trained = new TrainedModel<TModel>(result.GetValue(checkpoint), kinds, load, context.Terminal);
        Run(result, trained, context);
    }
}

/// <summary>A trained model and where it comes from.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class TrainedModel<TModel> : IDisposable where TModel : Model
{
    /// <summary>Loads a model.</summary>
    /// <param name="path">A model's file, a checkpoint or a folder; null for the program's newest run.</param>
    /// <param name="kinds">The kinds of model that the program knows (see <see cref="Model.FileKind"/>).</param>
    /// <param name="load">Makes the model from its file.</param>
    /// <param name="terminal">Shows checkpoints that are skipped because they are damaged.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or belongs to another program.</exception>
    /// <exception cref="UserException">There is no model.</exception>
    public TrainedModel(string? path, IReadOnlyList<string> kinds, Func<ModelFile, TModel> load, Terminal terminal)
    {
        using var file = Runs.Open(path, kinds, terminal);
        (Source, Step, Configuration) = (file.Source, file.Step, file.Configuration);
        if (path is null)
            terminal.Error.WriteLine($"The model is {Source}, the newest; name another one with --checkpoint.");
        Model = load(file);

        // They are an object that fits, or the model would not have been made.
        using var options = JsonDocument.Parse(file.Options);
        Options = options.RootElement.EnumerateObject().ToDictionary(o => o.Name, o => o.Value.ToString());
    }

    /// <summary>The model, in evaluation mode.</summary>
    public TModel Model { get; }

    /// <summary>The path of the file.</summary>
    public string Source { get; }

    /// <summary>The number of training steps, where the file is a checkpoint.</summary>
    public long? Step { get; }

    /// <summary>The model's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>The configuration of the run; empty where the file is not a checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>The path and the steps as shown to users.</summary>
    public string Description => Step is { } step ? $"{Source}, after {Show.Count(step)} iterations" : Source;

    /// <summary>A number of the run's configuration, or a default where there is none.</summary>
    public int Number(string name, int otherwise) =>
        Configuration.TryGetValue(name, out var text) && int.TryParse(text, out var number) ? number : otherwise;

    /// <summary>
    /// Makes sure that data of the recorded name are those that the model was trained on; a file may have had that name.
    /// </summary>
    /// <param name="hash">The hash of the chosen data; null compares nothing.</param>
    /// <exception cref="UserException">The data differ.</exception>
    public void RequireData(string? hash)
    {
        if (hash is not null && Configuration.TryGetValue("data_sha256", out var recorded) && recorded != hash)
        {
            throw new UserException($"'{Source}' was trained on other data named '{Configuration.GetValueOrDefault("data")}'."
                + " Name those with --data, or others with --data or --dataset.", isUsage: true);
        }
    }

    /// <summary>Makes sure that a file is divided into the same parts as when the model was trained on it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="hash">The hash of the parts for training and validation; null compares nothing.</param>
    /// <exception cref="UserException">It is divided otherwise, so that the test would be among what was trained on.</exception>
    public void RequireParts(string path, string? hash)
    {
        if (hash is not null && Configuration.TryGetValue("data_sha256", out var recorded) && recorded != hash)
        {
            throw new UserException($"'{path}' is what the model was trained on, but these options divide it into other parts."
                + " Give those of the training, such as --split-seed and the columns, or name the file for tests with --test.",
                isUsage: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
