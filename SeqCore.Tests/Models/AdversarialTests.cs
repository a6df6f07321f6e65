using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>Two models against each other, with a tape for each loss: the example of docs/threads-and-memory.md.</summary>
public sealed class AdversarialTests
{
    [Fact]
    public void Each_loss_changes_its_own_model_by_its_own_gradient()
    {
        var random = new RandomGenerator(1);
        using var generator = new Linear(2, 3, random);
        using var discriminator = new Linear(3, 1, random);
        using var discriminatorStep = new Sgd(discriminator.Parameters(), learningRate: 0.1f);
        using var generatorStep = new Sgd(generator.Parameters(), learningRate: 0.1f);
        using var noise = Tensor.RandomNormal([4, 2], random);
        using var real = Tensor.RandomNormal([4, 3], random);
        float[] first = Weights(discriminator), second = Weights(generator);

        using (var tape = new Tape())
        {
            Variable made = generator.Forward(noise).Value;              // a constant: nothing reaches the generator
            tape.Backward(DiscriminatorLoss(discriminator, real, made));
            discriminatorStep.Step();
        }

        Weights(discriminator).Should().NotEqual(first);
        generator.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
        first = Weights(discriminator);

        discriminator.Freeze();                                          // no gradients for it in the generator's step
        using (var tape = new Tape())
        {
            tape.Backward(GeneratorLoss(discriminator, generator.Forward(noise)));
            generatorStep.Step();
        }

        discriminator.Unfreeze();
        discriminatorStep.ZeroGradients();
        generatorStep.ZeroGradients();

        Weights(discriminator).Should().Equal(first);
        Weights(generator).Should().NotEqual(second);
        generator.Parameters().Concat(discriminator.Parameters()).Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
    }

    private static Variable DiscriminatorLoss(Linear discriminator, Variable real, Variable made) =>
        Loss.BinaryCrossEntropyWithLogits(discriminator.Forward(real), Tensor.Ones([4, 1]))
        + Loss.BinaryCrossEntropyWithLogits(discriminator.Forward(made), Tensor.Zeros([4, 1]));

    private static Variable GeneratorLoss(Linear discriminator, Variable made) =>
        Loss.BinaryCrossEntropyWithLogits(discriminator.Forward(made), Tensor.Ones([4, 1]));

    private static float[] Weights(Linear layer) => layer.Weight.Value.ToArray();
}
