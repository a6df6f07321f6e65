using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Blanks;
using SeqCore.Tensors;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Trains a model on a text, shows how it goes, and lets it fill blanks.</summary>
internal sealed class TrainingRun(TrainingSettings settings, MaskedText text, string dataName, string folder, string? attention, Terminal terminal)
{
    /// <summary>Guesses to show for each blank of an example.</summary>
    private const int Top = 3;

    /// <summary>Short runs do not see enough steps for Adam's usual 0.999.</summary>
    private const float Beta2 = 0.98f;

    private readonly ModelForm form = settings.FormFor(text.Vocabulary);

    /// <summary>Trains, reports, fills blanks.</summary>
    /// <param name="machine">For people.</param>
    /// <param name="cancellation">Saves and ends.</param>
    /// <returns>The exit code.</returns>
    public int Execute(string machine, CancellationToken cancellation)
    {
        MemoryEstimate.Check(settings, text.Vocabulary.Count);
        var random = new RandomGenerator(settings.Seed);
        using var model = form.Create(random);
        using var task = text.NewTask(model, form, settings.Batch, settings.Seed, random);
        using var optimizer = new AdamW(ParameterGroup.DecayMatricesOnly(model.Parameters()), settings.LearningRate, beta2: Beta2, weightDecay: settings.WeightDecay);
        var trainer = new Trainer(task, optimizer, Schedule(), Options());
        var resumption = settings.Resume ? Resume(trainer) : null;
        Introduce(model, machine);
        if (resumption is not null)
            terminal.Line(resumption);
        var (result, display) = Train(trainer, task, cancellation);
        var chart = Chart();
        if (result.End == TrainingEnd.Cancelled)
        {
            terminal.Line();
            terminal.Line($"Stopped at iteration {Show.Count(result.Step)} and saved. The same command with --resume --out {folder} goes on.");
            terminal.Result(("event", "stopped"), ("iteration", result.Step), ("out", folder));
            return ExitCode.Done;
        }

        model.Evaluate();
        Conclude(result, task.LastScore ?? task.Score(cancellation), display, chart);
        ShowExamples(model);
        return ExitCode.Done;
    }

    private LearningRateSchedule Schedule()
    {
        var steps = Math.Max(1, settings.Iterations - settings.Warmup);
        LearningRateSchedule after = settings.Schedule switch
        {
            "linear" => new LinearSchedule(steps, 1, 0.1),
            "cosine" => new CosineSchedule(steps, 0.1),
            _ => new ConstantSchedule(),
        };
        return settings.Warmup > 0 ? new WarmUpSchedule(settings.Warmup, after) : after;
    }

    private TrainerOptions Options()
    {
        var tenth = Math.Max(1, settings.Iterations / 10);
        return new TrainerOptions
        {
            Steps = settings.Iterations,
            ClipNorm = settings.Clip > 0 ? settings.Clip : null,
            EvaluateEvery = settings.EvalEvery > 0 ? settings.EvalEvery : tenth,
            CheckpointEvery = settings.CheckpointEvery > 0 ? settings.CheckpointEvery : tenth,
            Folder = folder,
            Configuration = Configuration(),
        };
    }

    /// <summary>All that decides the weights at a step; the number of steps only where the learning rate depends on it.</summary>
    private SortedDictionary<string, string> Configuration()
    {
        var configuration = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["data"] = dataName,
            ["tokens"] = ModelForm.Text(text.Count),
            ["batch"] = ModelForm.Text(settings.Batch),
            ["learning_rate"] = ModelForm.Text(settings.LearningRate),
            ["schedule"] = settings.Schedule == "constant" ? settings.Schedule : $"{settings.Schedule} over {ModelForm.Text(settings.Iterations)}",
            ["warmup"] = ModelForm.Text(settings.Warmup),
            ["weight_decay"] = ModelForm.Text(settings.WeightDecay),
            ["clip"] = ModelForm.Text(settings.Clip),
            ["seed"] = ModelForm.Text(settings.Seed),
        };
        form.AddTo(configuration);
        return configuration;
    }

    private void Introduce(Bert model, string machine)
    {
        terminal.Heading("SeqCore masked language model");
        terminal.Pair("data", $"{dataName}: {Show.Count(text.Count)} {form.Unit}, the last tenth for validation");
        terminal.Pair("model", $"{form.Description}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(settings.Iterations)} iterations of {settings.Batch} sequences of up to {settings.Sequence} {form.Unit}, {ScoreText.Percent(settings.MaskShare)} of them hidden");
        terminal.Pair("machine", machine);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result(("event", "start"), ("data", dataName), ("tokens", text.Count), ("level", form.Unit), ("vocabulary", form.Vocabulary.Count),
            ("parameters", model.ParameterCount), ("iterations", settings.Iterations), ("machine", machine), ("out", folder));
    }

    private string Resume(Trainer trainer)
    {
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Passed over: {skipped.Reason}");
        return trainer.Resume()
            ? $"  Going on from iteration {Show.Count(trainer.Step)}."
            : $"  There is no whole checkpoint in the folder '{folder}' yet: starting at the beginning.";
    }

    private (TrainingResult, TrainingDisplay) Train(Trainer trainer, MaskedLanguageModelTask task, CancellationToken cancellation)
    {
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, settings.Iterations, trainer.Step, task.TokensPerBatch, form.Unit)
            : new PlainDisplay(terminal.Messages, settings.Iterations, trainer.Step, task.TokensPerBatch, form.Unit);
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result(("event", "evaluation"), ("iteration", evaluation.Step), ("validation_loss", evaluation.Loss),
                ("masked_accuracy", task.LastScore?.Accuracy), ("seconds", Math.Round(display.TrainingSeconds, 3)));
        };
        return (display.Watch(() => trainer.Run(cancellation)), display);
    }

    private string Chart()
    {
        var path = Path.Combine(folder, "loss.svg");
        File.WriteAllText(path, LossChart.Draw(LossCurve.Read(Path.Combine(folder, "metrics.jsonl")), $"BERT on {dataName}", "blank"));
        return path;
    }

    private void Conclude(TrainingResult result, MaskedScore score, TrainingDisplay display, string chart)
    {
        terminal.Line();
        terminal.Heading(ScoreText.Of(score, text));
        if (display.FirstStepAt is not null)
            terminal.Pair("time", $"{Show.Time(display.TrainingSeconds)} of training, {Show.Count(display.MeanRate)} {form.Unit}/s");
        terminal.Pair("loss curve", chart);
        terminal.Pair("checkpoint", Runs.Checkpoints(folder)[0]);
        terminal.Result(("event", "result"), ("iteration", result.Step), ("validation_loss", score.Loss), ("masked_accuracy", score.Accuracy), ("blanks", score.Count),
            ("best_validation_loss", result.BestValidationLoss), ("seconds", Math.Round(display.TrainingSeconds, 3)),
            ("tokens_per_second", Math.Round(display.MeanRate, 1)), ("first_step_after_seconds", display.FirstStepAt is { } at ? Math.Round(at, 3) : null), ("out", folder));
    }

    private void ShowExamples(Bert model)
    {
        var examples = Examples.Choose(text.ValidationText, text.Vocabulary, settings.Sequence - 2, settings.AreWords ? 6 : 3, settings.Seed);
        if (examples.Count == 0)
            return;
        terminal.Line();
        terminal.Heading("Blanks in lines that it never read, and its likeliest guesses:");
        var report = new BlankReport(text.Vocabulary, terminal, Top);
        foreach (var (hidden, truth) in examples)
        {
            terminal.Line();
            report.Show(hidden, new Guesser(model).Fill(hidden), truth);
        }

        if (attention is null)
            return;
        AttentionPicture.Save(attention, model, text.Vocabulary, examples[0].Hidden);
        terminal.Line();
        terminal.Pair("attention", attention);
    }
}
