using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>
/// Trains a model on a text. The program without a command does the same, with smaller defaults and in its own folder.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    /// <summary>The number of guesses to show for each blank of an example.</summary>
    private const int Top = 3;

    private readonly TextOptions data = new();
    private readonly TrainOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (options, terminal) = (defaults.Read(result), context.Terminal);
        var random = new RandomGenerator(options.Seed);
        using var start = Runs.Start(options.From, ModelText.FileKinds, file => ModelText.Load(file, random), data, result,
            terminal);
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "masked-demo" : $"bert-{name}", ModelText.FileKinds);

        // Data: the lines of a text as words or characters, the last tenth of them for validation.
        var text = new MaskedText(data.Read(result, terminal, context.Cancellation),
            part => start is null ? options.NewTokenizer(part) : ModelText.UnitsOf(start));
        var unit = ModelText.Unit(text.Tokenizer);
        options.CheckMemory(start?.Options ?? options.Bert, text.Tokenizer.Count);
        OptionKinds.RequireWritable(options.Attention);

        // Model: BERT, whose Transformer sees both sides of every token.
        using var made = start is not null ? null
            : new Bert(options.Bert with { VocabularySize = text.Tokenizer.Count }, random) { Tokenizer = text.Tokenizer };
        var model = start ?? made!;

        // Training: each step of the trainer draws sequences, hides some tokens, records the loss of guessing them on a tape,
        // back-propagates, clips and updates; it evaluates on the validation part now and then, and saves checkpoints from which
        // --resume continues.
        using var task = text.NewTask(model, options.MaskShare, options.WholeWords, options.Batch, options.Seed);
        using var optimizer = options.NewOptimizer(model);
        var trainer = new Trainer(task, optimizer,
            options.NewTrainerOptions(folder, ("data", name), ("tokens", text.Count), ("mask_share", options.MaskShare),
                ("whole_words", options.WholeWords ? "yes" : "no")),
            options.NewSchedule());
        var report = new WatchedTraining(trainer, model, options, folder, machine, terminal)
        {
            Heading = "SeqCore masked language model",
            Data = name,
            DataDescription = $"{Show.Count(text.Count)} {unit}, the last tenth for validation",
            ModelDescription = ModelText.Describe(model),
            Examples = $"sequences of up to {model.Options.MaximumLength} {unit},"
                + $" {MaskedText.Percent(options.MaskShare)} of them hidden",
            Start = [("tokens", text.Count), ("level", unit), ("vocabulary", model.VocabularySize)],
            Unit = unit,
            PerStep = task.TokensPerBatch,
            Title = $"BERT on {name}",
            LossUnit = "blank",
            Colour = ModelColour.Encoder,
            Details = _ => [("masked_accuracy", task.LastScore?.Accuracy)],
        }.Run(context.Cancellation);
        if (report is null)
            return;

        // Evaluation: how many of the hidden tokens it guesses, and its guesses in some lines.
        var score = task.Score(context.Cancellation);
        terminal.Line();
        terminal.Heading(text.Describe(score));
        report.Print(terminal);
        terminal.Result([("event", "result"), .. report.Values("tokens"), ("masked_accuracy", score.Accuracy),
            ("blanks", score.Count)]);
        ShowExamples(model, text, options, terminal);
        if (isDemonstration)
        {
            context.TellMore("-- fill --text \"Anna is the [MASK] of Tom.\" for blanks of your own,"
                + " -- train for a text of your own");
        }
    }

    private static void ShowExamples(Bert model, MaskedText text, TrainOptions options, Terminal terminal)
    {
        var examples = Examples.Choose(text.ValidationText, text.Tokenizer, model.Options.MaximumLength - 2,
            options.AreWords ? 6 : 3, options.Seed);
        if (examples.Count == 0)
            return;
        terminal.Line();
        terminal.Heading("Blanks in lines that it never read, and its likeliest guesses:");
        var report = new BlankReport(text.Tokenizer, terminal, Top);
        foreach (var (hidden, truth) in examples)
        {
            terminal.Line();
            report.Show(hidden, new Guesser(model).Fill(hidden), truth);
        }

        if (options.Attention is not { } attention)
            return;
        AttentionPicture.Save(attention, model, text.Tokenizer, examples[0].Hidden);
        terminal.Line();
        terminal.Pair("attention", attention);
    }
}
