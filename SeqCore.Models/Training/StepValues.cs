namespace SeqCore.Models;

/// <summary>Loss and gradient norm of one step, read from the device when they are first asked for.</summary>
internal sealed class StepValues
{
    private readonly StepLog? log;
    private double loss;
    private double? norm;

    /// <summary>Values that a log will tell.</summary>
    internal StepValues(StepLog log, long step) => (this.log, Step) = (log, step);

    /// <summary>Values that are known.</summary>
    internal StepValues(long step, double loss, double? norm) => (Step, this.loss, this.norm, IsKnown) = (step, loss, norm, true);

    internal long Step { get; }

    internal bool IsKnown { get; private set; }

    internal double Loss => Known().loss;

    internal double? GradientNorm => Known().norm;

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
    internal void Read(ReadOnlySpan<float> row, bool clips)
    {
        var batches = row.Length - 2;
        foreach (var ofBatch in row[..batches])
            loss += ofBatch / batches;
        norm = clips ? row[batches] : null;
        IsKnown = true;
    }

    private StepValues Known()
    {
        if (!IsKnown)
            log!.Read();
        return this;
    }
}
