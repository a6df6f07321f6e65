using System.CommandLine;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Blanks;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Trains a model on a text. The program without a command does so too, with smaller defaults and in a folder of its own.</summary>
internal sealed class TrainCommand
{
    /// <summary>Learns the built-in stories well enough in about a minute on two cores.</summary>
    private static readonly TrainingSettings demonstration = new()
    {
        Hidden = 128,
        Layers = 2,
        Heads = 4,
        Dropout = 0f,
        Iterations = 5000,
        Batch = 32,
        Sequence = 32,
        LearningRate = 2e-3f,
        Warmup = 100,
    };

    private readonly TextOptions data = new();
    private readonly MachineOptions machine = new();
    private readonly Option<string?> attention = AttentionPicture.NewOption("the first example");
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
        command.Options.Add(self.attention);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        var settings = training.Read(result);
        var name = data.Name(result);
        var folder = Runs.Choose(settings.Out, settings.Resume, isDemonstration ? "masked-demo" : $"bert-{name}");
        using var opened = machine.Open(result);
        var text = new MaskedText(data.Read(result, terminal, context.Cancellation), settings.NewVocabulary);
        var code = new TrainingRun(settings, text, name, folder, result.GetValue(attention), terminal).Execute(opened.Description, context.Cancellation);
        if (isDemonstration && code == ExitCode.Done && !context.Cancellation.IsCancellationRequested)
        {
            terminal.Line();
            terminal.Line("More: add -- fill --text \"Anna is the [MASK] of Tom.\" for blanks of your own, -- train for a text of your own, -- --help for all there is.");
        }

        return code;
    }
}
