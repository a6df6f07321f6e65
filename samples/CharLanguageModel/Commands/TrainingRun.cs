using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;
using SeqCore.Tensors;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Trains a model on a text, shows how it goes, and reports what it learned.</summary>
internal sealed class TrainingRun(TrainingSettings settings, SamplingSettings sampling, TextCorpus corpus, string dataName, string folder, Terminal terminal)
{
    /// <summary>Tunes are written until one adds up, but not more than three.</summary>
    private const int LastAttempt = 2;

    /// <summary>Characters of the text that tell whether it is ABC notation.</summary>
    private const int Glance = 20_000;

    private readonly ModelForm form = ModelForm.Of(settings, corpus.Vocabulary);

    private LayersLogged? lastLayers;

    /// <summary>Whether the text is ABC notation.</summary>
    private bool IsAbc => AbcChecker.LooksLikeAbc(corpus.Vocabulary.Decode(corpus.Tokens.Span[..Math.Min(Glance, corpus.Tokens.Length)]));

    /// <summary>Trains, reports, writes a sample.</summary>
    /// <param name="machine">For people.</param>
    /// <param name="cancellation">Saves and ends.</param>
    /// <returns>The exit code.</returns>
    public int Execute(string machine, CancellationToken cancellation)
    {
        MemoryEstimate.Check(settings, form.Vocabulary.Count);
        var random = new RandomGenerator(settings.Seed);
        using var model = form.Create(random);
        var author = new Author(model, form.Vocabulary, sampling, settings.Seed);
        author.EncodePrompt();
        using var task = new LanguageModelTask(model, Batches(), new TokenWindows(corpus.Validation, settings.Sequence), random);
        var trainer = new Trainer(task, NewOptimizer(model), Schedule(), Options());
        trainer.LayersLogged += (_, layers) => lastLayers = layers;
        var resumption = settings.Resume ? Resume(trainer) : null;
        Introduce(model, machine);
        if (resumption is not null)
            terminal.Line(resumption);
        var (result, display) = Train(trainer, task.TokensPerBatch, cancellation);
        var chart = Chart();
        if (result.End == TrainingEnd.Cancelled)
        {
            terminal.Line();
            terminal.Line($"Stopped at iteration {Show.Count(result.Step)} and saved. The same command with --resume --out {folder} goes on.");
            terminal.Result(("event", "stopped"), ("iteration", result.Step), ("out", folder));
            return ExitCode.Done;
        }

        model.Evaluate();
        Conclude(result, display, chart, author, cancellation);
        return ExitCode.Done;
    }

    private TokenBatchSource Batches() => settings.Windows == "stream"
        ? new ContiguousStreams(corpus.Training, settings.Batch, settings.Sequence)
        : new RandomWindows(corpus.Training, settings.Batch, settings.Sequence, new RandomGenerator(~settings.Seed));

    private Adam NewOptimizer(LanguageModel model) => settings.WeightDecay > 0
        ? new AdamW(ParameterGroup.DecayMatricesOnly(model.Parameters()), settings.LearningRate, beta2: settings.Beta2, weightDecay: settings.WeightDecay)
        : new Adam(model.Parameters(), settings.LearningRate, beta2: settings.Beta2);

    private LearningRateSchedule Schedule()
    {
        LearningRateSchedule after = settings.Schedule == "cosine"
            ? new CosineSchedule(Math.Max(1, settings.Iterations - settings.Warmup), 0.1)
            : new ConstantSchedule();
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
            LogLayersEvery = settings.LogLayers,
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
            ["characters"] = ModelForm.Text(corpus.Tokens.Length),
            ["batch"] = ModelForm.Text(settings.Batch),
            ["sequence"] = ModelForm.Text(settings.Sequence),
            ["windows"] = settings.Windows,
            ["learning_rate"] = ModelForm.Text(settings.LearningRate),
            ["schedule"] = settings.Schedule == "cosine" ? $"cosine over {ModelForm.Text(settings.Iterations)}" : settings.Schedule,
            ["warmup"] = ModelForm.Text(settings.Warmup),
            ["clip"] = ModelForm.Text(settings.Clip),
            ["seed"] = ModelForm.Text(settings.Seed),
        };
        if (settings.WeightDecay > 0)
            configuration["weight_decay"] = ModelForm.Text(settings.WeightDecay);
        if (settings.Beta2 != new TrainingSettings().Beta2)
            configuration["beta2"] = ModelForm.Text(settings.Beta2);
        form.AddTo(configuration);
        return configuration;
    }

    private void Introduce(LanguageModel model, string machine)
    {
        terminal.Heading("SeqCore character language model");
        terminal.Pair("data", $"{dataName}: {Show.Count(corpus.Tokens.Length)} characters, the last tenth for validation");
        terminal.Pair("model", $"{form.Description}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(settings.Iterations)} iterations of {settings.Batch} windows of {settings.Sequence} characters");
        terminal.Pair("machine", machine);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result(("event", "start"), ("data", dataName), ("characters", corpus.Tokens.Length), ("vocabulary", form.Vocabulary.Count),
            ("model", form.Kind), ("parameters", model.ParameterCount), ("iterations", settings.Iterations), ("machine", machine), ("out", folder));
    }

    private string Resume(Trainer trainer)
    {
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Passed over: {skipped.Reason}");
        return trainer.Resume()
            ? $"  Going on from iteration {Show.Count(trainer.Step)}."
            : $"  There is no whole checkpoint in the folder '{folder}' yet: starting at the beginning.";
    }

    private (TrainingResult, TrainingDisplay) Train(Trainer trainer, int tokensPerStep, CancellationToken cancellation)
    {
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, settings.Iterations, trainer.Step, tokensPerStep)
            : new PlainDisplay(terminal.Messages, settings.Iterations, trainer.Step, tokensPerStep);
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result(("event", "evaluation"), ("iteration", evaluation.Step), ("validation_loss", evaluation.Loss),
                ("bits_per_character", Bits(evaluation.Loss)), ("seconds", Math.Round(display.TrainingSeconds, 3)));
        };
        return (display.Watch(() => trainer.Run(cancellation)), display);
    }

    private string Chart()
    {
        var path = Path.Combine(folder, "loss.svg");
        File.WriteAllText(path, LossChart.Draw(LossCurve.Read(Path.Combine(folder, "metrics.jsonl")), $"{form.Kind.ToUpperInvariant()} on {dataName}"));
        return path;
    }

    private void Conclude(TrainingResult result, TrainingDisplay display, string chart, Author author, CancellationToken cancellation)
    {
        var loss = result.ValidationLoss!.Value;
        terminal.Line();
        terminal.Heading($"Validation loss {Show.Loss(loss)} nats per character: {Show.Loss(Bits(loss))} bits, perplexity {Show.Loss(Math.Exp(loss))}");
        if (display.FirstStepAt is not null)
            terminal.Pair("time", $"{Show.Time(display.TrainingSeconds)} of training, {Show.Count(display.MeanRate)} characters/s");
        terminal.Pair("loss curve", chart);
        LayerTable.Write(lastLayers, terminal);
        terminal.Pair("checkpoint", Runs.Checkpoints(folder)[0]);
        var report = IsAbc ? TuneReport.Of(author) : null;
        if (report is not null)
            terminal.Pair("tunes", report.Description);
        var sample = WriteSample(author, cancellation);
        terminal.Result(("event", "result"), ("iteration", result.Step), ("validation_loss", loss), ("best_validation_loss", result.BestValidationLoss),
            ("bits_per_character", Bits(loss)), ("perplexity", Math.Exp(loss)), ("seconds", Math.Round(display.TrainingSeconds, 3)),
            ("characters_per_second", Math.Round(display.MeanRate, 1)), ("first_step_after_seconds", display.FirstStepAt is { } at ? Math.Round(at, 3) : null),
            ("sample", sample), ("abc", report?.Values), ("out", folder));
    }

    // A tune that does not add up is shown with its verdict, and followed by another.
    private string WriteSample(Author author, CancellationToken cancellation)
    {
        var isTune = IsAbc && sampling.Length is null;
        for (var attempt = 0; ; attempt++)
        {
            terminal.Line();
            terminal.Heading(attempt > 0 ? "Another try:" : IsAbc ? "A new tune, written character by character:" : "A sample:");
            terminal.Line();
            var sample = Sample.Write(author, sampling.Length, IsAbc, terminal.Messages, attempt, cancellation);
            if (!isTune || author.IsDeterministic || cancellation.IsCancellationRequested)
                return sample;
            terminal.Line(TuneReport.Sentence(sample));
            if (attempt == LastAttempt || AbcChecker.Check(sample.Trim('\n')).AddsUp)
                return sample;
        }
    }

    private static double Bits(double nats) => nats / Math.Log(2);
}
