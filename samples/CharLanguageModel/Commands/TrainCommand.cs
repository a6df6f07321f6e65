using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Trains a model on a text. The program without a command does so too, with smaller defaults and in a folder of its own.</summary>
internal sealed class TrainCommand
{
    /// <summary>Learns the built-in tunes well enough in about a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = new()
    {
        Embedding = 64,
        Hidden = 256,
        Dropout = 0.3f,
        Iterations = 1300,
        Batch = 32,
        Sequence = 128,
        Windows = "stream",
        LearningRate = 0.006f,
        Schedule = "cosine",
        Warmup = 20,
    };

    private readonly TextOptions data = new();
    private readonly MachineOptions machine = new();
    private readonly SamplingOptions sampling = new();
    private readonly TrainingOptions training;
    private readonly bool isDemonstration;

    private TrainCommand(bool isDemonstration)
    {
        this.isDemonstration = isDemonstration;
        training = new TrainingOptions(isDemonstration ? demonstration : new TrainingSettings());
    }

    /// <summary>The command <c>train</c>.</summary>
    public static Command Create(Context context) => Fill(new Command("train", "Train a model on a text and save it."), new TrainCommand(false), context);

    /// <summary>Makes the root command train too, as a demonstration.</summary>
    public static void MakeDefault(RootCommand root, Context context) => Fill(root, new TrainCommand(true), context);

    private static Command Fill(Command command, TrainCommand self, Context context)
    {
        self.data.AddTo(command);
        self.training.AddTo(command);
        self.sampling.AddTo(command);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        var settings = training.Read(result);
        var samples = sampling.Read(result);
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Out, settings.Resume, isDemonstration ? "demo" : $"{settings.Model}-{name}");
        using var opened = machine.Open(result);
        var corpus = data.Load(result, null, terminal, context.Cancellation);
        var code = new TrainingRun(settings, samples, corpus, name, folder, terminal).Execute(opened.Description, context.Cancellation);
        if (isDemonstration && code == ExitCode.Done && !context.Cancellation.IsCancellationRequested)
        {
            terminal.Line();
            terminal.Line("More: add -- generate for another tune, -- train for a text of your own, -- --help for all there is.");
        }

        return code;
    }
}
