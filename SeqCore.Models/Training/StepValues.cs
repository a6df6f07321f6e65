namespace SeqCore.Models;

/// <summary>The loss and the gradient norm of one step, which are read from the device when they are first needed.</summary>
internal sealed class StepValues
{
    private readonly StepLog? log;
    private readonly bool clips = true;
    private double loss;
    private double? norm;

    /// <summary>Makes values that a log will provide.</summary>
    /// <param name="log">The log that provides the values.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="clips">
    /// Whether there is a norm to report; if nothing is clipped, it only indicates whether the step failed.
    /// </param>
    internal StepValues(StepLog log, long step, bool clips) => (this.log, Step, this.clips) = (log, step, clips);

    /// <summary>Makes values that are known.</summary>
    internal StepValues(long step, double loss, double? norm) => (Step, this.loss, this.norm, IsKnown) = (step, loss, norm, true);

    internal long Step { get; }

    internal bool IsKnown { get; private set; }

    internal double Loss => Known().loss;

    internal double? GradientNorm => Known().clips ? norm : null;

    /// <summary>The value that was not finite, so that the step changed nothing; or null.</summary>
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
