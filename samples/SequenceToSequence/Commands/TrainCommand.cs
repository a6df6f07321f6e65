using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>
/// Trains a model on pairs. The program without a command does so too, with smaller defaults and in a folder of its own.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    private static readonly TrainingSettings ordinary = new();

    /// <summary>Learns the built-in dates in less than a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = ordinary with
    {
        Recurrent = ordinary.Recurrent with { EmbeddingSize = 32, HiddenSize = 96 },
        Run = ordinary.Run with { Iterations = 600, LearningRate = 0.005f, Warmup = 20 },
    };

    private readonly PairOptions data = new();
    private readonly DecodingOptions decoding = new();
    private readonly TrainingOptions training = new(isDemonstration ? demonstration : ordinary);

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        training.AddTo(command);
        decoding.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var settings = training.Read(result);
        var random = new RandomGenerator(settings.Run.Seed);
        using var start = settings.From is { } from ? Start(result, from, random, context.Terminal) : null;
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Run, isDemonstration ? "translation-demo" : $"{settings.Model}-{name}",
            ModelText.FileKinds);
        var corpus = data.Load(result, context.Terminal, context.Cancellation);
        var areWords = settings.Level == "auto" ? data.AreWords(result) : settings.Level == "words";
        var vocabularies = start is null
            ? Vocabularies.Of(corpus.Training, areWords, settings.Vocabulary)
            : ModelText.VocabulariesOf(start);
        new TrainingRun(settings, decoding.Read(result), corpus, vocabularies, name, folder, context.Terminal)
            .Execute(start, random, machine.Description, context.Cancellation);
        if (isDemonstration)
            context.TellMore("-- translate \"Monday, 7 May 2001\" for a date of your own, -- train for other pairs");
    }

    /// <summary>The model that training starts from, on its own data if no others are named.</summary>
    private EncoderDecoderModel Start(ParseResult result, string path, RandomGenerator random, Terminal terminal)
    {
        using var file = Runs.Open(path, ModelText.FileKinds, terminal);
        var model = ModelText.Load(file, random);
        data.TakeFrom(result, path, file.Configuration, terminal);
        return model;
    }
}
