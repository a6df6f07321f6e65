using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Tensors;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>A model as a checkpoint has it.</summary>
internal sealed class LoadedModel : IDisposable
{
    /// <summary>Makes the model and gives it the checkpoint's weights.</summary>
    /// <param name="path">File or folder; null for the newest of all runs.</param>
    /// <param name="terminal">Told of checkpoints that were passed over.</param>
    /// <exception cref="CheckpointException">It cannot be read, or is not one of this program.</exception>
    /// <exception cref="UserException">There is none.</exception>
    public LoadedModel(string? path, Terminal terminal)
    {
        (var checkpoint, Source) = Runs.Read(path, terminal);
        using var lifetime = checkpoint;
        Form = ModelForm.Of(checkpoint, Source);
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
    public ModelForm Form { get; }

    /// <summary>Steps trained.</summary>
    public long Step { get; }

    /// <summary>Path of the checkpoint.</summary>
    public string Source { get; }

    /// <summary>The model, in evaluation mode.</summary>
    public EncoderDecoderModel Model { get; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
