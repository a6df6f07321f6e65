using System.Diagnostics;

namespace SeqCore.Models;

/// <summary>
/// Trains a model: draws a batch, records its loss on a tape, back-propagates, clips and updates; evaluates and saves at
/// intervals. A run that was cancelled or killed at any moment and resumed ends with exactly the weights of one that was not.
/// </summary>
/// <example>
/// <code>
/// using var model = new Linear(inputSize: 1, outputSize: 1, new RandomGenerator(seed: 1));
/// var batches = new ShuffledBatches&lt;float>([1f, 2f, 3f, 4f], batchSize: 2, seed: 1);
/// using var task = TrainingTask.Of(model, batches, Error, evaluate: _ => Error([5f, 6f]).Value.Item());
/// using var optimizer = new Adam(model.Parameters(), learningRate: 0.1f);
/// var options = new TrainerOptions { Steps = 300, EvaluateEvery = 100, ClipNorm = null };
/// var trainer = new Trainer(task, optimizer, options, new CosineSchedule(steps: 300));
/// var evaluated = new List&lt;long>();
/// trainer.Evaluated += (_, evaluation) => evaluated.Add(evaluation.Step);
/// var result = trainer.Run();
/// Console.WriteLine(string.Join(", ", evaluated));     // 100, 200, 300
/// Console.WriteLine(result.End);                       // Completed
/// Console.WriteLine(result.ValidationLoss &lt; 0.01);     // True
///
/// Variable Error(IReadOnlyList&lt;float> x)
/// {
///     var column = Tensor.FromSpan([.. x], [x.Count, 1]);
///     return Loss.MeanSquaredError(model.Forward(column), 2f * column + 1f);
/// }
/// </code>
/// </example>
public sealed partial class Trainer
{
    private readonly TrainingTask task;
    private readonly Optimizer optimizer;
    private readonly LearningRateSchedule schedule;
    private readonly TrainerOptions options;
    private readonly Parameter[] parameters;
    private readonly Parameter[] trained;
    private readonly float baseLearningRate;
    private readonly EvaluationGoal? goal;
    private readonly CheckpointFolder? folder;
    private TrainingProgress progress;
    private readonly List<StepCompleted> unwritten = [];
    private IReadOnlyList<MetricsSink> sinks = [];
    private readonly BestWeights? best;
    private readonly TrainingMode mode;
    private StepLog? log;
    private readonly Lazy<IReadOnlyDictionary<string, string>> configuration;
    private bool unsaved = true;
    private bool isFirstStep;
    private HashSet<Variable>? reached;
    private bool ownsFolder;
    private (string? Path, DateTime Written) newest;

    /// <summary>Prepares a run; nothing is written yet, but the folder is created.</summary>
    /// <param name="task">The task: model, batches, loss and evaluation.</param>
    /// <param name="optimizer">
    /// The optimizer of the model's parameters or some of them: gradients are clipped over these, and the others do not change
    /// (freezing them saves the time of their gradients). The schedule multiplies its learning rate, which has its old value
    /// again after a run.
    /// </param>
    /// <param name="options">The options, such as the number of steps.</param>
    /// <param name="schedule">The schedule of the learning rate; null for a constant one.</param>
    /// <exception cref="ArgumentException">
    /// The optimizer has parameters that do not belong to the model, the goals of options, task and schedule differ, or
    /// something depends on the goal and neither options nor task have one.
    /// </exception>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    public Trainer(TrainingTask task, Optimizer optimizer, TrainerOptions options, LearningRateSchedule? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        OptimizerUse.RequireOf(task.Model, optimizer);
        (this.task, this.optimizer, this.schedule, this.options) = (task, optimizer, schedule ?? new ConstantSchedule(), options);
        parameters = [.. task.Model.Parameters()];
        trained = [.. optimizer.Groups.SelectMany(g => g.Parameters)];
        goal = GoalOf(task, options, this.schedule);
        baseLearningRate = optimizer.LearningRate;
        progress = TrainingProgress.Start(goal);
        mode = new TrainingMode(task.Model);
        configuration = new(() => task.DataHash is { } hash
            ? new Dictionary<string, string>(options.Configuration) { [CheckpointData.DataEntry] = hash }
            : options.Configuration);
        if (options.Folder is null && (options.RestoreBest || options.Patience is not null))
            best = new BestWeights(task.Model);
        if (options.Folder is not null)
            folder = new CheckpointFolder(options.Folder, options.KeepCheckpoints) { Spares = IsForAverage };
    }

    /// <summary>
    /// Raised after each step, with a <see cref="Models.StepCompleted"/> as in <c>trainer.StepCompleted += (_, step) => ...</c>.
    /// A GPU may only have queued the step: a handler that reads its loss waits for it.
    /// </summary>
    public event EventHandler<StepCompleted>? StepCompleted;

    /// <summary>
    /// Raised after the steps that <see cref="TrainerOptions.LogLayersEvery"/> specifies, with a
    /// <see cref="Models.LayersLogged"/>.
    /// </summary>
    public event EventHandler<LayersLogged>? LayersLogged;

    /// <summary>
    /// Raised after each evaluation, with an <see cref="Models.Evaluated"/> as in
    /// <c>trainer.Evaluated += (_, evaluation) => ...</c>.
    /// </summary>
    public event EventHandler<Evaluated>? Evaluated;

    /// <summary>Raised after each checkpoint, with a <see cref="Models.CheckpointSaved"/>.</summary>
    public event EventHandler<CheckpointSaved>? CheckpointSaved;

    /// <summary>
    /// Raised when <see cref="Resume"/> skips a checkpoint that is truncated or altered, with a
    /// <see cref="Models.CheckpointSkipped"/>.
    /// </summary>
    public event EventHandler<CheckpointSkipped>? CheckpointSkipped;

    /// <summary>The number of steps done so far, including those before a resumption.</summary>
    public long Step => progress.Step;

    /// <summary>
    /// Whether the run was resumed from a checkpoint that does not identify its data, such as one of version 0.1, so that it is
    /// unknown whether the data are the same.
    /// </summary>
    public bool HasUncheckedData { get; private set; }

    /// <summary>
    /// Resumes from the newest intact checkpoint of the folder, including the best one. If that fails, model, optimizer, schedule
    /// and task do not change.
    /// </summary>
    /// <returns>False if there are no checkpoints, so that the run starts at the beginning.</returns>
    /// <exception cref="CheckpointException">
    /// All checkpoints are damaged; the newest intact one belongs to another configuration, model, data or optimizer; it cannot
    /// be read, but is not known to be damaged; or another run holds the folder. The message names what is damaged or differs, or
    /// the process.
    /// </exception>
    public bool Resume()
    {
        if (folder is null)
            throw new InvalidOperationException("Trainer.Resume: there is no folder to resume from. Set TrainerOptions.Folder.");
        task.RequireOpen();
        using var hold = folder.Lock();
        var isDamaged = false;
        using var checkpoint = folder.ReadToResume(parameters[0].Value.Backend, skipped =>
        {
            isDamaged = true;
            CheckpointSkipped?.Invoke(this, skipped);
        });
        if (checkpoint is not null)
        {
            var compares = checkpoint.Configuration.ContainsKey(CheckpointData.DataEntry);
            checkpoint.RequireRun(compares ? configuration.Value : options.Configuration, task.Model);
            RequireGoal(checkpoint);
            OptimizerDescription.Require(checkpoint, OptimizerDescription.Of(task.Model, optimizer, baseLearningRate));
            HasUncheckedData = !compares && configuration.Value != options.Configuration;
            progress = TrainingCheckpoint.Restore(checkpoint, task, optimizer, schedule);

            // If only the best checkpoint is intact, a run that is done already still has to write its last one.
            unsaved = isDamaged || folder.Checkpoints().Count == 0;
        }

        TakeFolder();
        return checkpoint is not null;
    }

    /// <summary>
    /// Trains until the steps are done, the evaluations stop improving, or the run is cancelled. The model is in training mode
    /// during the run, except for parts that are frozen and were in evaluation mode before, and in evaluation mode after it,
    /// ready for use. Each step switches the mode again, so that the handler of an event may use the model in evaluation mode. To
    /// train on in a loop by hand, call <see cref="Module.Train"/>; another run switches the mode itself. After an exception the
    /// mode is that of the moment.
    /// </summary>
    /// <param name="cancellation">
    /// Cancels the run: the current step is finished and saved, while a current evaluation is repeated after a resumption.
    /// </param>
    /// <exception cref="CheckpointException">
    /// A checkpoint could not be written; the folder holds those of a run that was not resumed; or another run holds it.
    /// </exception>
    /// <exception cref="IOException">The metrics could not be written; the checkpoints are intact.</exception>
    /// <exception cref="InvalidOperationException">
    /// Every parameter of the optimizer is frozen, another running trainer uses it, a loss is null or not one number, or an
    /// evaluation returned NaN; or the loss of the first step depends on parameters that the model has not registered and no
    /// optimizer has, uses dropout or the like in training mode that the model has not registered, or does not depend on a
    /// parameter of the optimizer (see <see cref="TrainerOptions.AllowUnreachedParameters"/>).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The task, the optimizer or the model has been disposed.</exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss or a gradient is NaN or infinite; the weights are those before that step. On a GPU it may be detected some steps
    /// later, but those have not changed anything either.
    /// </exception>
    /// <remarks>
    /// A step that an exception ended, even one of <see cref="TrainerOptions.AfterBackward"/>, has not changed any weight, but
    /// its batches and random numbers have been drawn: another call of Run continues with the next ones. To repeat the same ones,
    /// resume a new trainer from a checkpoint. After an exception in a handler of an event, the step is done.
    /// </remarks>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        task.RequireOpen();
        using var hold = folder?.Lock();
        RequireOwnFolder();
        OptimizerUse.RequireTrainable(task.Model, optimizer);
        using var use = new OptimizerUse(optimizer, baseLearningRate);
        using var metrics = folder is null
            ? null
            : new MetricsFile(Path.Combine(folder.Location, "metrics.jsonl"), progress.MetricLines);
        sinks = metrics is null ? options.Sinks : [metrics, .. options.Sinks];
        foreach (var sink in sinks)
            sink.Begin(progress.Step);

        // Gradients left by an exception in an earlier step would be added to those of the first one of this run.
        task.Model.ZeroGradients();
        using (log = new StepLog(parameters[0].Value.Backend, options.Accumulation, options.ClipNorm))
        {
            isFirstStep = true;
            var end = Loop(cancellation);
            mode.End();
            Array.ForEach(parameters, p => p.ReleaseGradient());
            WriteSteps();
            if (unsaved)
                Save();
            foreach (var sink in sinks)
                sink.Flush();
            return Finish(end, cancellation);
        }
    }

    private TrainingResult Finish(TrainingEnd end, CancellationToken cancellation)
    {
        (double? Loss, string? Error) average = default;
        try
        {
            if (options.AverageCheckpoints > 0 && end != TrainingEnd.Cancelled)
                average = UseAverage(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            end = TrainingEnd.Cancelled;
        }

        var restores = end == TrainingEnd.StoppedEarly || (options.RestoreBest && end == TrainingEnd.Completed);
        return new TrainingResult(end, progress.Step, progress.EvaluatedAt < 0 ? null : progress.LastLoss,
            progress.HasBest(goal) ? progress.BestLoss : null)
        {
            BestReadError = restores ? RestoreBest() : null,
            AveragedLoss = average.Loss,
            AverageReadError = average.Error,
        };
    }

    private TrainingEnd Loop(CancellationToken cancellation)
    {
        mode.Begin();
        while (true)
        {
            if (!EvaluateIfDue(cancellation) || cancellation.IsCancellationRequested)
                return TrainingEnd.Cancelled;
            if (options.Patience is { } patience && progress.SinceBest >= patience)
                return TrainingEnd.StoppedEarly;
            if (unsaved && IsDue(options.CheckpointEvery))
                Save();
            if (progress.Step >= options.Steps)
                return TrainingEnd.Completed;
            TrainStep();
        }
    }

    /// <summary>Updates the weights once.</summary>
    private void TrainStep()
    {
        var start = Stopwatch.GetTimestamp();

        // A handler may have switched the mode, to write a sample or to train the model in another run.
        mode.Train();
        var values = log!.Begin(progress.Step + 1);

        // Only in the first step of all, so that a resumption is not refused for a step that a whole run would take.
        reached = progress.Step == 0 && !options.AllowUnreachedParameters
            ? new HashSet<Variable>(ReferenceEqualityComparer.Instance)
            : null;
        for (var i = 0; i < options.Accumulation; i++)
            BackPropagate(i);
        options.AfterBackward?.Invoke(new GradientsReady(progress.Step + 1, parameters));
        if (reached is not null)
            OptimizerUse.RequireReached(task.Model, trained, reached);
        optimizer.LearningRate = (float)(baseLearningRate * schedule.Factor(progress.Step));
        log.Clip(trained);
        if (log.IsImmediate)
            ThrowIfFailed(values);
        using var monitor = options.LogLayersEvery > 0
            && (progress.Step + 1) % options.LogLayersEvery == 0 ? new LayerMonitor(task.Model) : null;
        optimizer.Step(1f, log.Factor);

        // All gradients of the model: those that the optimizer does not hold would add up, step after step.
        Array.ForEach(parameters, p => p.ZeroGradient());
        progress.Step++;
        (unsaved, isFirstStep) = (true, false);
        var tokens = (double)task.TokensPerBatch * options.Accumulation;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var completed = new StepCompleted(values, optimizer.LearningRate, tokens / log.SecondsPerStep(seconds),
            seconds + log.TakeWaits());
        unwritten.Add(completed);
        if (log.IsImmediate)
            WriteSteps();
        StepCompleted?.Invoke(this, completed);
        if (monitor is not null)
            Report(new LayersLogged(progress.Step, monitor.Measure()));
        if (log.IsFull || values.IsKnown)
            WriteSteps();
    }

    /// <summary>Adds the gradient of one batch's mean loss, divided by the number of batches in a step.</summary>
    private void BackPropagate(int batch)
    {
        using var tape = new Tape(options.DetectAnomalies);
        using var watch = isFirstStep ? new TrainingWatch() : null;
        var loss = task.NextLoss() ?? throw new InvalidOperationException(
            "Trainer.Run: the task's loss is null. Hint: return a variable with one element from the function that computes it.");
        log!.PutLoss(batch, loss.Value);
        if (log.IsImmediate && loss.Value.Item() is var value && !float.IsFinite(value))
            throw Diverged("loss", value, progress.Step + 1, NotFinite.In(task.LastBatch));
        tape.Backward(loss, options.Accumulation == 1
            ? null
            : Tensor.Full(loss.Shape, 1f / options.Accumulation, loss.Value.Backend));
        reached?.UnionWith(tape.ReachedLeaves);
        if (watch is null)
            return;
        OptimizerUse.RequireRegistered(task.Model, parameters, tape);
        OptimizerUse.RequireRegistered(task.Model, watch);
    }

    /// <summary>Writes the metrics of the steps done so far, or stops at the first that failed. Waits for the device.</summary>
    private void WriteSteps()
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var step in unwritten)
        {
            ThrowIfFailed(step.Values);
            foreach (var sink in sinks)
                sink.Write(step);
            progress.MetricLines++;
        }

        if (unwritten.Count > 0)
            log!.AddWait(Stopwatch.GetElapsedTime(start).TotalSeconds);
        unwritten.Clear();
    }

    // The steps after it have not changed anything, so the weights are those before it.
    private void ThrowIfFailed(StepValues step)
    {
        if (step.Failure is not { } failure)
            return;
        progress.Step = step.Step - 1;
        throw Diverged(failure.What, failure.Value, step.Step, null);
    }

    private TrainingDivergedException Diverged(string what, double value, long step, string? batch) =>
        new(what, value, step, task.Model.NamedParameters().FirstOrDefault(p => !p.Value.Value.IsFinite()).Key, batch);

    private bool IsDue(long every) => every > 0 && progress.Step > 0 && progress.Step % every == 0;

    private void Report(in LayersLogged layers)
    {
        WriteSteps();
        foreach (var sink in sinks)
            sink.Write(layers);
        progress.MetricLines++;
        LayersLogged?.Invoke(this, layers);
    }
}
