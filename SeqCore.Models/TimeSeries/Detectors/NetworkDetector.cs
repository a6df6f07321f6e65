namespace SeqCore.Models;

/// <summary>A detector whose expectations a network makes, which is trained on windows of the normal data.</summary>
public abstract class NetworkDetector : ErrorDetector
{
    // Windows of an epoch overlap, but so many are enough, as long as each step is in one.
    private const int MostWindows = 2048;
    private const int EvaluationBatch = 64;
    private readonly DetectorTrainingOptions training;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="alarm">When it gives an alarm.</param>
    /// <param name="likelihood">How its errors become scores.</param>
    /// <param name="training">How its network is trained.</param>
    protected NetworkDetector(int channels, AlarmOptions alarm, LikelihoodOptions likelihood, DetectorTrainingOptions training)
        : base(channels, alarm, likelihood)
    {
        ArgumentNullException.ThrowIfNull(training);
        training.Check(Kind);
        this.training = training;
    }

    /// <summary>Raised after each evaluation of a fit.</summary>
    public event EventHandler<Evaluated>? Evaluated;

    /// <summary>The number of steps of a window that the network is trained on, W.</summary>
    protected abstract int WindowLength { get; }

    /// <summary>The number of steps at the beginning of a window that the loss leaves out; 0 by default.</summary>
    protected virtual int WarmUp => 0;

    /// <inheritdoc/>
    public override int FewestSteps => Math.Max(base.FewestSteps, (int)Math.Ceiling(Math.Max(
        (WindowLength - WarmUp) / Alarm.HeldOut, WindowLength / (1 - Alarm.HeldOut))) + 1);

    /// <summary>Computes the mean loss of windows.</summary>
    /// <param name="windows">Windows of the scaled series, shape (B, W, C).</param>
    protected abstract Variable Loss(Tensor windows);

    /// <inheritdoc/>
    protected sealed override void FitToScaled(TimeSeries scaled, int training, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scaled);
        var windows = Windows(scaled.Slice(0, training));
        var heldOut = Windows(scaled.Slice(training - WarmUp, scaled.Length - training + WarmUp));
        var options = this.training;
        var batches = new ShuffledBatches<int>([.. Enumerable.Range(0, windows.Count)], options.BatchSize, options.Seed);
        using var task = TrainingTask.Of(this, batches, rows => Loss(Batch(windows, rows)), Evaluate);
        using var optimizer = new Adam(Parameters(), options.LearningRate);
        var epoch = batches.BatchesPerPass;
        var trainer = new Trainer(task, optimizer, new TrainerOptions
        {
            Steps = (long)options.Epochs * epoch,
            EvaluateEvery = epoch,
            Patience = options.Patience,
            RestoreBest = true,
            Goal = EvaluationGoal.Minimize,
        });
        trainer.Evaluated += (_, e) => Evaluated?.Invoke(this, e);
        trainer.Run(cancellation);
        cancellation.ThrowIfCancellationRequested();

        double Evaluate(CancellationToken ended)
        {
            var sum = 0.0;
            foreach (var rows in Enumerable.Range(0, heldOut.Count).Chunk(EvaluationBatch))
            {
                ended.ThrowIfCancellationRequested();
                using var scope = new TensorScope("evaluation");
                sum += rows.Length * (double)Loss(Batch(heldOut, rows)).Value.Item();
            }

            return sum / heldOut.Count;
        }
    }

    private SlidingWindows Windows(TimeSeries part)
    {
        var stride = Math.Clamp((part.Length - WindowLength) / MostWindows, 1, Math.Max(1, (WindowLength - WarmUp) / 2));
        return new SlidingWindows(part, WindowLength, horizon: 0, stride);
    }

    private Tensor Batch(SlidingWindows windows, IReadOnlyList<int> rows)
    {
        var size = WindowLength * ChannelCount;
        var values = new float[rows.Count * size];
        for (var i = 0; i < rows.Count; i++)
            windows[rows[i]].Input.Span.CopyTo(values.AsSpan(i * size));
        return Tensor.FromSpan(values, new Shape(rows.Count, WindowLength, ChannelCount), Backend);
    }
}
