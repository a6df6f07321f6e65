namespace SeqCore.Models;

/// <summary>A task made from a loss and an evaluation; see <see cref="TrainingTask.Of{TBatch}"/>.</summary>
internal sealed class DelegateTask<TBatch>(Module model, IBatchSource<TBatch> batches, Func<TBatch, Variable> loss,
    Func<CancellationToken, double> evaluate, RandomGenerator[] generators) : TrainingTask
{
    private TBatch? last;

    public override Module Model => model;

    public override int TokensPerBatch => batches.BatchSize;

    public override string? DataHash => batches.DataHash;

    internal override object? LastBatch => last;

    public override Variable NextLoss()
    {
        RequireOpen();
        return loss(last = batches.Next());
    }

    public override double Evaluate(CancellationToken cancellation)
    {
        RequireOpen();
        using var scope = new TensorScope("evaluation");
        return evaluate(cancellation);
    }

    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Set("data.position", batches.Position);
        RandomStates.Save(checkpoint, generators);
    }

    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        batches.Position = checkpoint.GetUInt64("data.position");
        RandomStates.Restore(checkpoint, generators);
    }
}
