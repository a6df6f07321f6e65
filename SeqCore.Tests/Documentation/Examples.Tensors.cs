namespace SeqCore.Tests.Documentation;

/// <summary>The examples of the types below the models.</summary>
public static partial class Examples
{
    public static void TensorExample()
    {
        // Example: T:SeqCore.Tensor
        using var scope = new TensorScope();
        var x = Tensor.FromArray(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 9f } });
        var column = x[.., 2];                                     // a view: no element is copied
        var centred = x - x.Mean(axis: 1, keepDimensions: true);   // (2, 3) - (2, 1)
        Console.WriteLine(column.Sum().Item());                    // 12
        Console.WriteLine(centred[1, 0].Item());                   // -2
        Console.WriteLine(Tensor.MatMul(x, x.Transpose()).Shape);  // (2, 2)
        // End
    }

    public static void IndexTensorExample()
    {
        // Example: T:SeqCore.IndexTensor
        using var tokens = IndexTensor.FromArray(new[,] { { 3, 1, 2 }, { 7, 4, 0 } });
        using var last = tokens[.., ^1];
        using var shifted = last + 10;
        Console.WriteLine(tokens.Shape);                           // (2, 3)
        Console.WriteLine(string.Join(", ", shifted.ToArray()));   // 12, 10
        // End
    }

    public static void BoolTensorExample()
    {
        // Example: T:SeqCore.BoolTensor
        using var scope = new TensorScope();
        var x = Tensor.FromArray([1f, -2f, 3f, float.NaN]);
        var valid = BoolTensor.IsFinite(x) & (x > 0f);
        Console.WriteLine(valid.Count());                          // 2
        Console.WriteLine(x.MaskedFill(!valid, 0f).Sum().Item());  // 4
        // End
    }

    public static void ShapeExample()
    {
        // Example: T:SeqCore.Shape
        Shape images = [8, 3, 28, 28];
        Console.WriteLine(images.ElementCount);                 // 18816
        Console.WriteLine(images.Rank);                         // 4
        Console.WriteLine(images.With(axis: 1, size: 1));       // (8, 1, 28, 28)
        Console.WriteLine(images.Equals([8, 3, 28, 28]));       // True
        // End
    }

    public static void VariableExample()
    {
        // Example: T:SeqCore.Variable
        using var tape = new Tape();
        var w = new Variable(Tensor.FromArray([1f, 2f, 3f]), requiresGradient: true);
        var sum = (w * w).Sum();
        tape.Backward(sum);
        Console.WriteLine(sum.Value.Item());           // 14
        Console.WriteLine(w.Gradient![2].Item());      // 6
        // End
    }

    public static void TapeExample()
    {
        // Example: T:SeqCore.Tape
        var w = new Variable(Tensor.Ones([4]), requiresGradient: true);   // made before the tapes, so it outlives them
        foreach (var factor in new[] { 2f, 3f })
        {
            using var tape = new Tape();
            tape.Backward((w * factor).Sum());                            // adds to the gradient
        }
        Console.WriteLine(w.Gradient![0].Item());                         // 5
        // End
    }

    public static void TensorScopeExample()
    {
        // Example: T:SeqCore.TensorScope
        Tensor total;
        using (var scope = new TensorScope())
        {
            var x = Tensor.Arange(10);
            total = scope.Keep((x * x).Sum());   // x and the squares end with the scope, the total does not
        }
        Console.WriteLine(total.Item());         // 285
        total.Dispose();
        // End
    }

    public static void FunctionExample()
    {
        // Example: T:SeqCore.Function
        using var tape = new Tape();
        var x = new Variable(Tensor.FromArray([2f]), requiresGradient: true);
        tape.Backward(new CubeFunction(x).Apply());
        Console.WriteLine(x.Gradient!.Item());   // 12
        // End
    }

    // Example: T:SeqCore.Function
    internal sealed class CubeFunction(Variable x) : Function(x)
    {
        protected override Tensor Forward() => x.Value * x.Value * x.Value;

        protected override void Backward(Tensor dY) => AddGradient(x, 3f * x.Value * x.Value * dY);
    }

    // End
    public static void GradientCheckExample()
    {
        // Example: T:SeqCore.GradientCheck
        using var scope = new TensorScope();
        var random = new RandomGenerator(seed: 1);
        var x = Tensor.RandomNormal([2, 3], random);
        var w = Tensor.RandomNormal([4, 3], random);
        var report = GradientCheck.Run(v => v[0].Linear(v[1]).Tanh(), [x, w]);   // throws if a gradient is wrong
        Console.WriteLine(report.Checked);                                       // 18
        // End
    }

    public static void ScoreModificationExample()
    {
        // Example: P:SeqCore.AttentionOptions.ScoreModification
        var table = new Variable(Tensor.Zeros([17, 4]), requiresGradient: true);
        var options = AttentionOptions.Causal with
        {
            ScoreModification = (scores, positions) => scores
                + table.Embedding(positions.Distances.Clamp(-8, 8) + 8).Squeeze(1).Permute(0, 3, 1, 2),
        };
        var x = Tensor.RandomNormal([1, 4, 6, 16], new RandomGenerator(seed: 1));
        using var tape = new Tape();
        tape.Backward(Variable.Attention(x, x, x, options).Square().Sum());
        Console.WriteLine(table.Gradient!.Shape);     // (17, 4)
        // End
    }

    public static void AttentionPatternExample()
    {
        // Example: T:SeqCore.AttentionPattern
        var pattern = AttentionPattern.Longformer(window: 129, globalTokens: 1);
        var x = Tensor.RandomNormal([1, 4, 2048, 16], new RandomGenerator(seed: 1));
        var y = Variable.Attention(x, x, x, new AttentionOptions { Pattern = pattern });
        Console.WriteLine(y.Shape);                              // (1, 4, 2048, 16)
        Console.WriteLine($"{pattern.KeptShare(2048):0.000}");   // 0.122
        // End
    }

    public static void RandomGeneratorExample()
    {
        // Example: T:SeqCore.RandomGenerator
        var random = new RandomGenerator(seed: 7);
        var start = random.Counter;
        var die = random.NextInt32(6) + 1;
        random.Counter = start;                                // the same numbers again
        Console.WriteLine(random.NextInt32(6) + 1 == die);     // True
        // End
    }

    public static void SafetensorsFileExample()
    {
        // Example: T:SeqCore.SafetensorsFile
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = Tensor.Ones([2, 3]), ["bias"] = Tensor.Zeros([2]) };
        SafetensorsFile.Write("layer.safetensors", tensors, checksum: true);

        using var file = SafetensorsFile.Open("layer.safetensors");
        file.VerifyChecksum();
        Console.WriteLine(file.Entries["bias"].Shape);             // (2,)
        Console.WriteLine(file.Read("weight").Sum().Item());       // 6
        // End
    }

    public static void DefaultDeviceExample()
    {
        // Example: P:SeqCore.Device.Default
        Device.Default = Device.Parse("cuda");
        // End
    }
}
