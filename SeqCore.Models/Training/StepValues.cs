namespace SeqCore.Models;

/// <summary>Loss and gradient norm of one step, read from the device when they are first asked for.</summary>
internal sealed class StepValues
{
    private readonly StepLog? log;
    private readonly bool clips = true;
    private double loss;
    private double? norm;

    /// <summary>Values that a log will tell.</summary>
    /// <param name="log">The log.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="clips">
    /// Whether there is a norm to show; where nothing is clipped, it only tells whether the step failed.
    /// </param>
    internal StepValues(StepLog log, long step, bool clips) => (this.log, Step, this.clips) = (log, step, clips);

    /// <summary>Values that are known.</summary>
    internal StepValues(long step, double loss, double? norm) => (Step, this.loss, this.norm, IsKnown) = (step, loss, norm, true);

    internal long Step { get; }

    internal bool IsKnown { get; private set; }

    internal double Loss => Known().loss;

    internal double? GradientNorm => Known().clips ? norm : null;

    /// <summary>What was not finite, so that the step changed nothing.</summary>
    internal (string What, double Value)? Failure
    {
        get
        {
            Known();
            return !double.IsFinite(loss) ? ("loss", loss) : norm is { } n && !double.IsFinite(n) ? ("gradient's norm", n) : null;
        }
    }

    /// <summary>Takes the values from the device's row: the loss of each batch, the norm, and the factor.</summary>
    internal void Read(ReadOnlySpan<float> row)
    {
        var batches = row.Length - 2;
        foreach (var ofBatch in row[..batches])
            loss += ofBatch / batches;
        norm = row[batches];
        IsKnown = true;
    }

    private StepValues Known()
    {
        if (!IsKnown)
            log!.Read();
        return this;
    }
}
