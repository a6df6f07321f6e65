using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Gradient checkpointing, which trades time for memory: the intermediate results of a part of the model are discarded in the
/// forward pass and computed again in the backward pass (Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory
/// Cost", arXiv:1604.06174).
/// </summary>
/// <remarks>
/// The part runs twice, so what it does besides computing its results happens twice: <c>BatchNorm</c> in training mode moves its
/// running statistics twice in each step. Keep such layers outside the part.
/// </remarks>
public static class Checkpoint
{
    /// <summary>Runs a part of the model that has one input and one result; the overload with several has the details.</summary>
    public static Variable Run(Func<Variable, Variable> function, Variable input)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(input);
        return Run(inputs => [function(inputs[0])], [input])[0];
    }

    /// <summary>Runs a part of the model without recording it; the backward pass runs it again and records it.</summary>
    /// <param name="function">
    /// The part of the model. It should compute the same each time, and must not write to its inputs. Parameters and results of
    /// operations that it captures get their gradients, and the random numbers that it draws, for dropout, are the same in the
    /// second run.
    /// </param>
    /// <param name="inputs">The inputs of the function.</param>
    /// <returns>The results of the function.</returns>
    /// <exception cref="InvalidOperationException">The part returned null, or wrote to an input.</exception>
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

        /// <summary>True, because the parameters that the function captures are not known here.</summary>
        private protected override bool HasHiddenInputs => true;

        /// <summary>The functions whose results are captured; they have to wait for the gradients of those results.</summary>
        private protected override IReadOnlyList<Function> HiddenCreators => captured;

        protected override Tensor[] ForwardMany()
        {
            using var recording = draws.Record();
            using var pause = Tape.Current?.PauseNoting(captured);
            using var scope = new TensorScope("checkpoint");
            var start = StaleReads.Now();
            var results = Part(Array.ConvertAll(arguments, i => i.Detach()));
            if (IsRecorded)
                CheckUnchanged(start);
            foreach (var result in results)
                Tape.NoteUse(result);
            shapes = Array.ConvertAll(results, r => r.Shape);
            return Array.ConvertAll(results, r => scope.KeepInOuter(r.Value.Alias()));
        }

        /// <summary>Runs the part of the model, and throws if a result is missing.</summary>
        private Variable[] Part(Variable[] x)
        {
            var results = function(x);
            return results is not null && Array.TrueForAll(results, r => r is not null)
                ? results
                : throw new InvalidOperationException("Checkpoint: the part of the model returned null instead of a variable.");
        }

        /// <summary>Throws if the part wrote to an input, from which its second run would compute something else.</summary>
        private void CheckUnchanged(long start)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                if (arguments[i].Value.Strided.Data.Buffer!.IsWrittenSince(start))
                {
                    throw new InvalidOperationException($"Checkpoint: the part of the model wrote to its input {i}, of shape"
                        + $" {arguments[i].Shape}, or to memory that it is a view of, so its second run, in the backward pass,"
                        + " would compute something else. Hint: write to a Copy().");
                }
            }
        }

        protected override void BackwardMany(Tensor?[] dY)
        {
            using var tape = new Tape();
            var leaves = Array.ConvertAll(arguments, i => new Variable(i.Value, i.RequiresGradient));
            Variable[] results;
            using (draws.Replay())
            {
                // The alias represents inputs and parameters that the part returns unchanged: it is recorded, while they were
                // not.
                results = Array.ConvertAll(Part(leaves), r => new ReshapeFunction(r, t => t.Alias()).Apply());
                draws.CheckReplayed();
            }

            if (!results.Select(r => r.Shape).SequenceEqual(shapes!))
            {
                throw new InvalidOperationException("Checkpoint: the part returned results of shapes"
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
            Tape!.NoteReached(tape.ReachedLeaves.Except(leaves));
            for (var i = 0; i < arguments.Length; i++)
            {
                if (leaves[i].Gradient is { } gradient)
                    AddGradient(arguments[i], gradient);
            }
        }
    }
}
