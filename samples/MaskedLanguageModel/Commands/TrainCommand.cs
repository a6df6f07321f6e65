using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>
/// Trains a model on a text. The program without a command does so too, with smaller defaults and in a folder of its own.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    private static readonly TrainingSettings ordinary = new();

    /// <summary>Learns the built-in stories well enough in about a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = ordinary with
    {
        Bert = ordinary.Bert with { ModelSize = 128, Layers = 2, Dropout = 0f, MaximumLength = 32 },
        Run = ordinary.Run with { LearningRate = 2e-3f, Warmup = 100 },
    };

    private readonly TextOptions data = new();
    private readonly TrainingOptions training = new(isDemonstration ? demonstration : ordinary);

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        training.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var settings = training.Read(result);
        var random = new RandomGenerator(settings.Run.Seed);
        using var start = settings.From is { } from ? Start(result, from, random, context.Terminal) : null;
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Run, isDemonstration ? "masked-demo" : $"bert-{name}", ModelText.FileKinds);
        var text = new MaskedText(data.Read(result, context.Terminal, context.Cancellation),
            part => start is null ? settings.NewTokenizer(part) : ModelText.UnitsOf(start));
        new TrainingRun(settings, text, name, folder, context.Terminal)
            .Execute(start, random, machine.Description, context.Cancellation);
        if (isDemonstration)
        {
            context.TellMore("-- fill --text \"Anna is the [MASK] of Tom.\" for blanks of your own,"
                + " -- train for a text of your own");
        }
    }

    /// <summary>The model that training starts from, on its own data if no others are named.</summary>
    private Bert Start(ParseResult result, string path, RandomGenerator random, Terminal terminal)
    {
        using var file = Runs.Open(path, ModelText.FileKinds, terminal);
        var model = ModelText.Load(file, random);
        data.TakeFrom(result, path, file.Configuration, terminal);
        return model;
    }
}
