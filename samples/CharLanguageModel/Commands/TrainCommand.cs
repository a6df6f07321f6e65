using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>
/// Trains a model on a text. The program without a command does so too, with smaller defaults and in a folder of its own.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    /// <summary>Learns the built-in tunes well enough in about a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = new()
    {
        Recurrent =
            new RecurrentLanguageModelOptions { VocabularySize = 0, EmbeddingSize = 64, HiddenSize = 256, Dropout = 0.3f },
        Windows = "stream",
        Run = new RunSettings { Iterations = 1300, LearningRate = 0.006f, Schedule = "cosine", Warmup = 20 },
    };

    private readonly TextOptions data = new();
    private readonly SamplingOptions sampling = new();
    private readonly TrainingOptions training = new(isDemonstration ? demonstration : new TrainingSettings());

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        training.AddTo(command);
        sampling.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (settings, samples) = (training.Read(result), sampling.Read(result));
        var random = new RandomGenerator(settings.Run.Seed);
        using var start = settings.From is { } from ? Start(result, from, random, context.Terminal) : null;
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Run, isDemonstration ? "demo" : $"{settings.Model}-{name}", ModelText.FileKinds);
        var corpus = data.Load(result, start?.Tokenizer, context.Terminal, context.Cancellation);
        new TrainingRun(settings, samples, corpus, name, folder, context.Terminal)
            .Execute(start, random, machine.Description, context.Cancellation);
        if (isDemonstration)
            context.TellMore("-- generate for another tune, -- train for a text of your own");
    }

    /// <summary>The model that training starts from, on its own data if no others are named.</summary>
    private LanguageModel Start(ParseResult result, string path, RandomGenerator random, Terminal terminal)
    {
        using var file = Runs.Open(path, ModelText.FileKinds, terminal);
        var model = ModelText.Load(file, random);
        data.TakeFrom(result, path, file.Configuration, terminal);
        return model;
    }
}
