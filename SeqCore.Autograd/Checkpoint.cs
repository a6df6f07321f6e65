using SeqCore.Functions;

namespace SeqCore;

/// <summary>
/// Gradient checkpointing: trades time for memory. What a part of the model computes on the way to its results is thrown away
/// in the forward pass and computed again in the backward pass (Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear
/// Memory Cost", arXiv:1604.06174).
/// </summary>
public static class Checkpoint
{
    /// <summary>Runs a part of the model with one input and one result; see the form with several.</summary>
    public static Variable Run(Func<Variable, Variable> function, Variable input)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(input);
        return Run(inputs => [function(inputs[0])], [input])[0];
    }

    /// <summary>Runs a part of the model without recording it; the backward pass runs it once more, recorded.</summary>
    /// <param name="function">
    /// The part. It should compute the same each time; parameters that it captures get their gradients, and random numbers that
    /// it draws, for dropout, are the same in the second run.
    /// </param>
    /// <param name="inputs">What it is called with.</param>
    /// <returns>What the function returned, with shapes as there.</returns>
    public static Variable[] Run(Func<Variable[], Variable[]> function, Variable[] inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        return new CheckpointFunction(function, inputs).ApplyMany();
    }

    private sealed class CheckpointFunction(Func<Variable[], Variable[]> function, Variable[] inputs) : MultiFunction(inputs)
    {
        private readonly Variable[] arguments = inputs;
        private readonly List<Function> captured = [];
        private readonly RandomDraws draws = new();
        private Shape[]? shapes;

        /// <summary>Parameters that the function captures are not seen from here.</summary>
        private protected override bool HasHiddenInputs => true;

        /// <summary>Results of the tape that the function captures have to wait for the gradients that it sends them.</summary>
        private protected override IReadOnlyList<Function> HiddenCreators => captured;

        protected override Tensor[] ForwardMany()
        {
            using var recording = draws.Record();
            using var pause = Tape.Current?.PauseNoting(captured);
            using var scope = new TensorScope("checkpoint");
            var results = function(Array.ConvertAll(arguments, i => i.Detach()));
            shapes = Array.ConvertAll(results, r => r.Shape);
            return Array.ConvertAll(results, r => scope.KeepInOuter(r.Value.Alias()));
        }

        protected override void BackwardMany(Tensor?[] dY)
        {
            using var tape = new Tape();
            var leaves = Array.ConvertAll(arguments, i => new Variable(i.Value, i.RequiresGradient));
            Variable[] results;
            using (draws.Replay())
            {
                // The alias stands for inputs and parameters that are passed on as they are: it is recorded, they were not.
                results = Array.ConvertAll(function(leaves), r => new ReshapeFunction(r, t => t.Alias()).Apply());
                draws.CheckReplayed();
            }

            if (!results.Select(r => r.Shape).SequenceEqual(shapes!))
            {
                throw new InvalidOperationException("Checkpoint: the part gave results of shapes"
                    + $" {string.Join(", ", results.Select(r => r.Shape))} in its second run and of shapes"
                    + $" {string.Join<Shape>(", ", shapes!)} in its first. It should compute the same each time.");
            }

            var seeds = new List<(Variable, Tensor)>();
            for (var i = 0; i < dY.Length; i++)
            {
                if (dY[i] is { } gradient && results[i].RequiresGradient)
                    seeds.Add((results[i], gradient.Alias()));
            }

            tape.Propagate([.. seeds]);
            for (var i = 0; i < arguments.Length; i++)
            {
                if (leaves[i].Gradient is { } gradient)
                    Give(arguments[i], gradient);
            }
        }
    }
}
