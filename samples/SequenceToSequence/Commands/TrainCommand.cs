using System.CommandLine;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Trains a model on pairs. The program without a command does so too, with smaller defaults and in a folder of its own.</summary>
internal sealed class TrainCommand
{
    /// <summary>Learns the built-in dates in less than a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = new()
    {
        Embedding = 32,
        Hidden = 96,
        Run = new RunSettings { Iterations = 600, Batch = 64, LearningRate = 0.005f, Schedule = "cosine", Warmup = 20 },
    };

    private static readonly TrainingSettings ordinary = new()
    {
        Run = new RunSettings { Iterations = 5000, Batch = 64, LearningRate = 0.001f, Schedule = "cosine", Warmup = 100 },
    };

    private readonly PairOptions data = new();
    private readonly MachineOptions machine = new();
    private readonly DecodingOptions decoding = new();
    private readonly TrainingOptions training;
    private readonly bool isDemonstration;

    private TrainCommand(bool isDemonstration)
    {
        this.isDemonstration = isDemonstration;
        training = new TrainingOptions(isDemonstration ? demonstration : ordinary);
    }

    /// <summary>The command <c>train</c>.</summary>
    public static Command Create(Context context) => Fill(new Command("train", "Train a model on pairs and save it."), new TrainCommand(false), context);

    /// <summary>Makes the root command train too, as a demonstration.</summary>
    public static void MakeDefault(RootCommand root, Context context) => Fill(root, new TrainCommand(true), context);

    private static Command Fill(Command command, TrainCommand self, Context context)
    {
        self.data.AddTo(command);
        self.training.AddTo(command);
        self.decoding.AddTo(command);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        var settings = training.Read(result);
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Run.Out, settings.Run.Resume, isDemonstration ? "demo" : $"{settings.Model}-{name}");
        using var opened = machine.Open(result);
        var corpus = data.Load(result, terminal, context.Cancellation);
        var areWords = settings.Level == "auto" ? data.AreWords(result) : settings.Level == "words";
        var vocabularies = Vocabularies.Of(corpus.Training, areWords, settings.Vocabulary);
        var code = new TrainingRun(settings, decoding.Read(result), corpus, vocabularies, name, folder, terminal).Execute(opened.Description, context.Cancellation);
        if (isDemonstration && code == ExitCode.Done && !context.Cancellation.IsCancellationRequested)
        {
            terminal.Line();
            terminal.Line("More: add -- translate \"Monday, 7 May 2001\" for a date of your own, -- train for other pairs, -- --help for all there is.");
        }

        return code;
    }
}
