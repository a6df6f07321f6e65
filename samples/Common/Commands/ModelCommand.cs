using System.CommandLine;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>A command for a trained model.</summary>
/// <typeparam name="TForm">The model's form.</typeparam>
/// <typeparam name="TModel">Its kind.</typeparam>
public abstract class ModelCommand<TForm, TModel> : MachineCommand
    where TForm : IModelForm<TForm, TModel>
    where TModel : Module
{
    private readonly Option<string?> checkpoint = OptionKinds.Path("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");

    /// <inheritdoc/>
    protected override void AddTo(Command command) => command.Options.Add(checkpoint);

    /// <summary>Checks the command line before the model is read.</summary>
    /// <exception cref="UserException">It is wrong.</exception>
    protected virtual void Check(ParseResult result)
    {
    }

    /// <summary>Does it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="loaded">The model.</param>
    /// <param name="context">Where to write, and when to stop.</param>
    /// <exception cref="UserException">It cannot be done.</exception>
    protected abstract void Run(ParseResult result, LoadedModel<TForm, TModel> loaded, Context context);

    /// <inheritdoc/>
    protected sealed override void Run(ParseResult result, Context context, Machine machine)
    {
        Check(result);
        using var loaded = new LoadedModel<TForm, TModel>(result.GetValue(checkpoint), context.Terminal);
        Run(result, loaded, context);
    }
}
