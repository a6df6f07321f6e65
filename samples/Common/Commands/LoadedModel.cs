using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Kind and sizes of a model and the units that it knows: what a checkpoint tells so that the model can be made again.</summary>
/// <typeparam name="TForm">The form itself.</typeparam>
/// <typeparam name="TModel">What is made.</typeparam>
public interface IModelForm<TForm, TModel>
    where TForm : IModelForm<TForm, TModel>
    where TModel : Module
{
    /// <summary>Makes a model with its first weights.</summary>
    /// <param name="random">Draws the weights and later the masks of dropout.</param>
    TModel Create(RandomGenerator random);

    /// <summary>Reads the form from a checkpoint.</summary>
    /// <exception cref="CheckpointException">The checkpoint is not one of this program.</exception>
    static abstract TForm Of(SavedForm saved);
}

/// <summary>A model as a checkpoint has it.</summary>
/// <typeparam name="TForm">Its form.</typeparam>
/// <typeparam name="TModel">Its kind.</typeparam>
public sealed class LoadedModel<TForm, TModel> : IDisposable
    where TForm : IModelForm<TForm, TModel>
    where TModel : Module
{
    /// <summary>Makes the model and gives it the checkpoint's weights.</summary>
    /// <param name="path">File or folder; null for the program's newest run.</param>
    /// <param name="terminal">Told of checkpoints that were passed over.</param>
    /// <exception cref="CheckpointException">It cannot be read, or is not one of this program.</exception>
    /// <exception cref="UserException">There is none.</exception>
    public LoadedModel(string? path, Terminal terminal)
    {
        (var checkpoint, Source) = Runs.Read<TForm, TModel>(path, terminal);
        using var lifetime = checkpoint;
        Saved = new SavedForm(checkpoint.Configuration, Source);
        Form = Saved.Make(TForm.Of);
        Step = checkpoint.Step;
        Model = Form.Create(new RandomGenerator(0));
        try
        {
            Model.LoadStateDictionary(checkpoint.Part("model"));
        }
        catch (StateDictionaryException misfit)
        {
            throw new CheckpointException($"Checkpoint '{Source}' does not hold the model that it describes: {misfit.Message}", misfit);
        }

        Model.Evaluate();
    }

    /// <summary>Kind, sizes and vocabularies.</summary>
    public TForm Form { get; }

    /// <summary>What the run was asked for.</summary>
    public SavedForm Saved { get; }

    /// <summary>Steps trained.</summary>
    public long Step { get; }

    /// <summary>Path of the checkpoint.</summary>
    public string Source { get; }

    /// <summary>The model, in evaluation mode.</summary>
    public TModel Model { get; }

    /// <summary>For people.</summary>
    public string Description => $"{Source}, after {Show.Count(Step)} iterations";

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
