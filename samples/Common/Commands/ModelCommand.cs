using System.CommandLine;
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
        "A model's file, a checkpoint, or a folder with some: then the best one is taken."
            + " [default: the newest under runs]", "PATH");

    /// <inheritdoc/>
    protected override void AddTo(Command command) => command.Options.Add(checkpoint);

    /// <summary>Checks the command line before the model is read.</summary>
    /// <exception cref="UserException">It is wrong.</exception>
    protected virtual void Check(ParseResult result)
    {
    }

    /// <summary>Does it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="trained">The model.</param>
    /// <param name="context">Where to write, and when to stop.</param>
    /// <exception cref="UserException">It cannot be done.</exception>
    protected abstract void Run(ParseResult result, TrainedModel<TModel> trained, Context context);

    /// <inheritdoc/>
    protected sealed override void Run(ParseResult result, Context context, Machine machine)
    {
        Check(result);
        using var trained = new TrainedModel<TModel>(result.GetValue(checkpoint), kinds, load, context.Terminal);
        Run(result, trained, context);
    }
}
